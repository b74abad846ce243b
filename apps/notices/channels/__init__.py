"""A file for each way word reaches a person: `send(delivery)`, which returns or raises Undelivered."""

from enum import Enum

TRY_AGAIN = {408, 425, 429}
"""What an HTTP server answers in the 400s to what it may take later."""


class Fault(Enum):
    """What a failure says of the message and of the address. The values are Attempt's outcomes."""

    PASSING = "passing"
    """It surely did not arrive; later it may."""
    REFUSED = "refused"
    """This message will not be taken, however often it is tried."""
    GONE = "gone"
    """Nothing will reach this address."""
    UNSURE = "unsure"
    """It may have arrived: the line broke while it was on the wire."""


class Undelivered(Exception):
    """The channel did not take the message, or nobody knows. The text is for people, and holds no secret.

    `everywhere`: not this address but all that goes the same way is in trouble, as when the mail server is
    down, so that the rest need not be tried now.
    """

    def __init__(self, message: str, fault: Fault, *, everywhere: bool = False) -> None:
        super().__init__(message)
        self.fault, self.everywhere = fault, everywhere
