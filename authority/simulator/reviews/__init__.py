"""How the simulator decides each kind of upload: the way of it in `review.py`, one kind a room."""
