"""Evidence: statistics and quotes, each the details of an entry."""
