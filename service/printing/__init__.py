"""From Word letters to PDF and to one file to print; knows no pupil."""
