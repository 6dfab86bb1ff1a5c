"""XLSX workbooks, read as a stream behind their own gate."""
