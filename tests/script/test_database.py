"""Where SQLite keeps the site's data, whatever the folder is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = "from campaigntracker import settings; print(settings.DATABASES['default']['NAME'])"


@pytest.mark.parametrize("name", ["var", "Campaign #2", "why?", "100%25 ours", "a&b;c=d", "größe", "[var]:@"])
def test_the_database_is_in_the_folder_that_was_named(name: str, tmp_path: Path) -> None:
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    folder = tmp_path / name
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env={**environ, "VAR_DIR": str(folder)}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"{folder / 'db.sqlite3'}\n", "")
