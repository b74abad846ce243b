"""The import contracts of pyproject.toml hold."""

import subprocess
import sys

from tests.architecture.rooms import ROOT


def test_every_import_contract_holds() -> None:
    """In a process of its own: the linter sets up the log anew, which silences every logger there is."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and " 0 broken" in done.stdout, done.stdout + done.stderr
