"""One look at what the queue lives on: drafted lines go into it, and senders hear what was used."""

from datetime import datetime

from apps.intake.actions import gather_lines
from apps.intake.telling import tell_of_uses


def look(*, at: datetime) -> int:
    """Answers how many lines are new in the queue."""
    tell_of_uses(at=at)
    return gather_lines(at=at)
