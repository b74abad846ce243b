"""Legislation: milestones, their target dates and how far those slipped."""
