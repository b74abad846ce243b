"""People: who said it, who counted it, who must do it, and the posts they held (Popolo's names)."""
