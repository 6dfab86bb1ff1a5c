"""That letters wait for a signatory, and what the signatory said."""
