"""Sources: who published what, when and where; snapshots keep the text as it stood."""
