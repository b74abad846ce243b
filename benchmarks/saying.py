"""How every benchmark ends: its ratios beside their goals, and what was left out and why."""

from collections.abc import Iterator, Mapping


def ratios(found: Mapping[str, float | None], goals: Mapping[str, str], *, of: str = "") -> Iterator[str]:
    """A line for each that could be measured."""
    for name, value in found.items():
        if value is not None:
            goal = f" (goal: {goals[name]})" if name in goals else ""
            yield f"{of:<10} {name}: {value:.4g}{goal}" if of else f"{name}: {value:.4g}{goal}"


def left_out(reasons: Mapping[str, str]) -> Iterator[str]:
    return (f"{what} was left out: {why}" for what, why in reasons.items())
