"""One task a file, for people who work on the code."""
