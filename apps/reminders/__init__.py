"""Reminders: who is warned of what, and when. Notices carries the message."""
