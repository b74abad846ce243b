"""An edition of a press pack as a file. Each form takes what may be shown already, and asks no database.

The same edition makes the same file, byte for byte: whatever a format dates, is dated by the version.
"""
