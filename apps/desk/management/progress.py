"""How far a long command has come, for whoever watches it."""

import sys


class Progress:
    """One line on stderr, drawn over itself."""

    def __init__(self, total: int) -> None:
        self.total = total

    def __call__(self, done: int) -> None:
        if sys.stderr.isatty() or done == self.total:
            bar = "█" * (30 * done // max(self.total, 1))
            end = "\n" if done == self.total else ""
            sys.stderr.write(f"\r{bar:<30} {done:,} of {self.total:,}{end}")
            sys.stderr.flush()
