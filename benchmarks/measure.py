"""Times taken fairly (what is compared is measured in turns, so that a noisy moment strikes both); memory."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

Key = TypeVar("Key")


def in_turns(runs: Mapping[Key, Callable[[], float]], *, rounds: int, warm: int) -> dict[Key, list[float]]:
    """What each run gives, in rounds of one run each. The first `warm` rounds are not kept."""
    taken: dict[Key, list[float]] = {key: [] for key in runs}
    for number in range(warm + rounds):
        for key, run in runs.items():
            value = run()
            if number >= warm:
                taken[key].append(value)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so much of them (0 to 1) does not exceed: one of them, never something between."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def memory_mb(process: int | str = "self") -> float:
    """What a process holds in memory (RSS); 0 where the system does not say."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024
