"""Campaigns: what is campaigned for, who is on it, and what each of them may see and do."""
