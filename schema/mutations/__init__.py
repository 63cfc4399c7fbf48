"""The mutations, one noun a file, each with its payloads and a mixin of the root."""
