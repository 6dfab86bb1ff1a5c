"""Letters typeset by Typst in a process of its own; knows Word templates only through `translate`."""
