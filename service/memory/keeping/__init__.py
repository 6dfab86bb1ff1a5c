"""What is remembered is kept safe, and no longer than it should be: backup, retention, erasing, the audit."""
