"""Intake: what comes in as text, read for facts that a person may then keep."""
