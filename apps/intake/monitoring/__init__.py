"""Saved searches over feeds: what feeds say, what of it fits, and how that comes into the queue."""
