"""Many pupils at once: each decided and written to, the folder, the index, the file to print."""
