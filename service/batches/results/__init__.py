"""What came of a batch, made from what is stored, and made again the same: ZIP, CSV files, the file to print."""
