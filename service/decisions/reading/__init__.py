"""Rules files -> policies: read strictly, every mistake named with its place."""
