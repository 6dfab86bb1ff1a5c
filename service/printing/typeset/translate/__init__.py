"""A Word template -> a Typst function and the words that it is handed; what is not known is named."""
