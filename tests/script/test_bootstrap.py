"""What script/server says on machines that lack something, and how it mends a set-up cut short."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOOLS = ("cat", "cksum", "cut", "dirname", "grep", "mkdir", "rm", "rmdir", "sh", "sleep", "tail")
CLOSED = "http://127.0.0.1:1/simple"
REAL_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """The only folder on PATH: the tools every machine has, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or "/nowhere")
    return folder


@pytest.fixture
def run(stand_in: Path, bin_folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs script/server, with a supervisor that only says it was reached."""
    (stand_in / "script" / "serve.py").write_text("print('served')\n")
    (stand_in / "requirements.txt").write_text("# nothing\n")

    def server(before: str = ":", **environ: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": str(bin_folder), "PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "0"}
        return subprocess.run(
            ["sh", "-c", f"{before}; exec sh script/server"],
            cwd=stand_in,
            env={**clean, **environ},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return server


def fake_python(folder: Path, version: str, name: str = "python3") -> None:
    """A Python that knows its version and nothing else."""
    (folder / name).write_text(f"#!/bin/sh\ncase $2 in *version_info*) echo {version} ;; *) exit 1 ;; esac\n")
    (folder / name).chmod(0o755)


def real_python(folder: Path, name: str = "python3") -> None:
    (folder / name).write_text(f'#!/bin/sh\nexec {REAL_PYTHON} "$@"\n')
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
@pytest.mark.parametrize("script", ["server", "test", "bootstrap.sh"])
def test_the_scripts_are_plain_shell(shell: str, script: str, stand_in: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    done = subprocess.run([shell, "-n", stand_in / "script" / script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_python(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = run()
    assert done.returncode == 1
    assert done.stderr.startswith(
        "Campaign Tracker needs Python 3.11 or newer, and found no python3.\nInstall one"
    )


def test_an_old_python(bin_folder: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    fake_python(bin_folder, "3.9.2")
    done = run()
    assert done.returncode == 1
    assert done.stderr.startswith("Campaign Tracker needs Python 3.11 or newer; found: python3 is 3.9.2.\n")


def test_a_python_named_that_is_none(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert run(PYTHON="/nowhere/python3").stderr.startswith(
        "PYTHON is /nowhere/python3, which does not run.\n"
    )


def test_a_python_without_venv(
    bin_folder: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    fake_python(bin_folder, "3.9.2")
    fake_python(bin_folder, "3.12.3", "python3.12")
    done = run()
    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.12 is here, but without the part that makes virtual environments.\n"
        "On Debian or Ubuntu: sudo apt install python3.12-venv\n"
    )


def test_a_folder_that_cannot_be_written(
    bin_folder: Path, stand_in: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    real_python(bin_folder)
    (stand_in / ".venv").write_text("a file in its place; root may write anywhere else")
    done = run()
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot write to {os.path.realpath(stand_in)}: ")


def test_a_marker_with_our_own_number_is_of_a_run_before(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """In a container each run is process 1."""
    done = run("mkdir .venv; echo $$ >.venv/installing")
    assert done.stderr.startswith("Campaign Tracker needs Python 3.11 or newer, and found no python3.\n")


def test_waiting_for_a_process_that_never_ends_ends_with_a_sentence(
    bin_folder: Path, stand_in: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Its number may have come to another process, with a restart of the machine."""
    (bin_folder / "sleep").unlink()
    (bin_folder / "sleep").write_text("#!/bin/sh\n")
    (bin_folder / "sleep").chmod(0o755)
    marker = stand_in / ".venv" / "installing"
    marker.parent.mkdir()
    marker.write_text(f"{os.getpid()}\n")
    done = run()
    assert done.returncode == 1
    assert done.stderr == (
        "Another script is setting up the packages; waiting for it\n"
        f"Waited 15 minutes for process {os.getpid()}, which .venv/installing says is at it.\n"
        f"If that is something else, remove {os.path.realpath(marker)}, then run this again.\n"
    )
    assert marker.exists()


@pytest.mark.services
def test_no_network(
    bin_folder: Path, stand_in: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    real_python(bin_folder)
    (stand_in / "requirements.txt").write_text("Django==5.2.19\n")
    done = run(PIP_INDEX_URL=CLOSED)
    assert done.returncode == 1
    assert "ERROR: No matching distribution found for Django==5.2.19" in done.stderr
    assert done.stderr.endswith(
        "Could not download the packages. Check the connection; behind a proxy set HTTPS_PROXY,\n"
        "with a mirror set PIP_INDEX_URL.\n"
    )
    assert not (stand_in / ".venv" / "installing").exists()


@pytest.mark.services
def test_a_set_up_cut_short_heals_and_the_next_start_is_quiet(
    bin_folder: Path, stand_in: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    fake_python(bin_folder, "3.9.2")
    real_python(bin_folder, "python3.13")
    (stand_in / ".venv" / "bin").mkdir(parents=True)
    (stand_in / ".venv" / "bin" / "python").write_text("half a fi")
    (stand_in / ".venv" / "installing").write_text("999999999\n")

    first = run()
    assert (first.returncode, first.stdout) == (0, "served\n")
    assert first.stderr == "Setting up Python packages, about a minute the first time\n"

    second = run()
    assert (second.returncode, second.stdout, second.stderr) == (0, "served\n", "")

    (stand_in / "requirements.txt").write_text("# something else\n")
    assert run().stderr == first.stderr
    assert run().stderr == ""
