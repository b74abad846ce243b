"""Files on their way in, kept until they are imported: where no web server looks, under random names."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from apps.intake.sheets.lines import MOST_BYTES, BadSheet

_STORED = re.compile(r"[A-Za-z0-9_-]{32,64}")


def keep(pieces: Iterable[bytes]) -> tuple[str, str]:
    """Keep a file; answers the name it is stored under, and its SHA-256. Raises BadSheet."""
    stored, digest, size = secrets.token_urlsafe(32), hashlib.sha256(), 0
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / stored).open("xb") as file:
        (folder / stored).chmod(0o600)
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
            if size <= MOST_BYTES:
                file.write(piece)
    if size > MOST_BYTES:
        forget(stored)
        raise BadSheet(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into several.")
    return stored, digest.hexdigest()


def path_of(stored: str) -> Path:
    """Raises BadSheet where it is gone."""
    path = _folder() / stored
    if not _STORED.fullmatch(stored) or not path.is_file():
        raise BadSheet("The file is no longer here. Choose it again.")
    return path


def forget(stored: str) -> None:
    if _STORED.fullmatch(stored):
        (_folder() / stored).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"
