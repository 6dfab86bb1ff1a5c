"""What is remembered: tables, files and the audit chain, each query for one school. Knows no letter and no policy."""
