"""Word templates with {{ words }} in them: checked, compiled once, filled again and again."""
