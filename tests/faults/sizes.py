"""How much each proof does: little in everyday runs, much where THOROUGH is set, as in CI; with THOROUGH=all
also the longest wait and the largest pile, which take a quarter of an hour."""

import os
from dataclasses import dataclass, replace

THOROUGH = os.environ.get("THOROUGH", "")


@dataclass(frozen=True)
class Sizes:
    """Each reminded person has an e-mail and an inbox reminder of each milestone."""

    databases: tuple[str, ...]
    people_of_the_big_proof: int
    kills: int
    people: int
    """For the other proofs."""
    senders_at_once: int
    locked_seconds: tuple[float, ...]
    """How long another writer holds SQLite: the sender waits 30 s before it gives a look up."""
    redis_away_seconds: float
    """Celery waits longer and longer to connect again, up to half a minute."""
    ready_rows: int
    """Planned for later, while a tick looks for what is due."""
    overdue: int
    pile: int
    """Due at once: a hundred to a person, half of them by e-mail and half in the app."""
    ahead: int
    """Beside the pile, for later."""
    asked: int
    """Pages asked for while the pile goes."""
    seconds_a_letter: float
    """What the mail server takes over one meanwhile: of few letters, so long that pages can be asked for."""


QUICK = Sizes(
    databases=("sqlite",),
    people_of_the_big_proof=150,
    kills=5,
    people=40,
    senders_at_once=3,
    locked_seconds=(3,),
    redis_away_seconds=6,
    ready_rows=4_000,
    overdue=100,
    pile=2_000,
    ahead=10_000,
    asked=20,
    seconds_a_letter=0.5,
)
WHOLE = Sizes(
    databases=("sqlite", "postgresql"),
    people_of_the_big_proof=1_000,
    kills=30,
    people=60,
    senders_at_once=4,
    locked_seconds=(20, 40),
    redis_away_seconds=120,
    ready_rows=20_000,
    overdue=500,
    pile=20_000,
    ahead=200_000,
    asked=150,
    seconds_a_letter=0,
)
ALL = replace(WHOLE, redis_away_seconds=600, pile=100_000, ahead=1_000_000)
SIZES = {"": QUICK, "all": ALL}.get(THOROUGH, WHOLE)
