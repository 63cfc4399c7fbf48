"""The inputs, one noun a file: what a client may say; text of any kind is String here, the rules judge it."""
