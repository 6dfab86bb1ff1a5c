"""The converter: one LibreOffice program for the whole machine, shared by everything that needs a PDF."""
