"""What tables are made of, and the tables of batches."""
