"""Letters: which there are, the words they can use, who is written to, where things go on the paper."""
