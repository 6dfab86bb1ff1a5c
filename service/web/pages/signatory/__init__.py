"""The pages of who signs: letters that wait for approval, and which letters do."""
