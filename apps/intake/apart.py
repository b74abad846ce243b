"""Files of unknown origin are opened in a process of its own, which knows nothing of the site.

Whatever a hostile one does to a parser, it ends there, after so many seconds and with so much memory.
"""

import logging
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

SECONDS = 10.0
MOST_MEMORY = 1024 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
"""All that the process is told: whoever takes it over finds no secret of the site in it."""


def run(module: str, *said: str, content: bytes, seconds: float = SECONDS) -> bytes:
    """What `python -m module` answers to this content. Raises TimeoutError."""
    command = [sys.executable, "-m", module, *said]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"{module} took more than {seconds:g} seconds.") from None
    return done.stdout


def hold_back() -> None:
    """Within that process: no more memory and time than this, and no word but the answer."""
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, int(SECONDS))):
        with suppress(ValueError, OSError):  # not every system limits memory; the clock outside always does
            resource.setrlimit(limit, (most, most))
    logging.disable(logging.CRITICAL)
