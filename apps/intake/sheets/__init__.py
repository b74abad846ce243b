"""Spreadsheets and calendars in, spreadsheets out: read, checked by the forms of entries, written in bulk."""
