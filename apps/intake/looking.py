"""One look at what the queue lives on: drafted lines go in, senders hear what was used, what was held
goes."""

from datetime import datetime

from apps.intake.actions import gather_lines
from apps.intake.drafts import forget_old
from apps.intake.held import forget_old_files
from apps.intake.sending import forget_old_sendings
from apps.intake.telling import tell_of_uses


def look(*, at: datetime) -> int:
    """Answers how many lines are new in the queue."""
    tell_of_uses(at=at)
    forget_old(at=at)
    forget_old_files(at=at)
    forget_old_sendings(at=at)
    return gather_lines(at=at)
