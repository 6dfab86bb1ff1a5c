"""What is made of many remembered pupils: the invented school's term, and issued letters as files."""
