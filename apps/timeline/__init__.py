"""The timeline: entries, the links between them, and the one gate that decides who sees which."""
