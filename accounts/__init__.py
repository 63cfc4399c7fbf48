"""The keys: who one is, by session or token, and what keeps strangers out."""
