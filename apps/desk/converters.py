"""The parts of addresses that name rows: a number too large for the database is simply no such page."""


class RowId:
    """A row's id: at most 18 digits, so that it fits a 64-bit column."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class CampaignSlug:
    """A campaign's address."""

    regex = "[-a-zA-Z0-9_]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
