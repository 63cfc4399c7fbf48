"""The edge: HTTP and sockets around the schema."""
