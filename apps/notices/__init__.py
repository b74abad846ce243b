"""Notices: how word reaches a person. Other rooms decide what is said, to whom and when."""
