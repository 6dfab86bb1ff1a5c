"""Deciding and issuing with memory: exports are taken in, letters are remembered, what people did is written down."""
