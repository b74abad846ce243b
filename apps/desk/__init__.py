"""The desk: pages that show several rooms at once. It has no tables."""
