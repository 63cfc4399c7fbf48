"""The queries, one noun a file, each a mixin of the root."""
