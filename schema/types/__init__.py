"""The object types, one noun a file: what each is made of, in words; their values are sources and rows."""
