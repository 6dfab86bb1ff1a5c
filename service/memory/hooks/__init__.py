"""Telling other programs what happened: a batch that finished, a letter that was taken back."""
