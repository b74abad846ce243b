"""How quick the pages are, and whether they stay so as a campaign grows. See README.md."""
