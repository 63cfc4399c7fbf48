"""The demonstration: invented people and firms, valid to the last checksum, and the filings they make."""
