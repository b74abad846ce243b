"""A file for each way word reaches a person. A channel sends one delivery, or raises Undelivered."""


class Undelivered(Exception):
    """The channel did not take the message. `permanent`: trying again would not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
