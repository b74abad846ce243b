"""What ARCHITECTURE.md and README.md say of the code is what the code says."""

import re
from pathlib import Path

import pytest

from apps.campaigns.roles import MAY, PUBLIC, May, Role
from tests.architecture.rooms import ROOT, built_layers

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
README = ROOT / "README.md"
SETTINGS = ROOT / "campaigntracker" / "settings.py"


def text_of(path: Path) -> str:
    if not path.exists():
        pytest.skip(f"{path.name} is not written yet")
    return path.read_text()


def ladder() -> list[str]:
    """The ladder as ARCHITECTURE.md draws it in a block of code, one layer a line, however indented."""
    return [" | ".join(layer) for layer in built_layers()]


def blocks_of(text: str) -> list[list[str]]:
    """The fenced blocks, their lines stripped and their spaces single."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [[" ".join(line.split()) for line in block.splitlines() if line.strip()] for block in blocks]


def role_table() -> list[str]:
    """The table of roles as ARCHITECTURE.md shows it."""
    columns: dict[str, frozenset[May]] = {role.value: MAY[role] for role in Role} | {"public": PUBLIC}
    rows = [[may.value, *("✓" if may in held else "–" for held in columns.values())] for may in May]
    return [_row(["may", *columns]), _row(["---"] * (len(columns) + 1)), *map(_row, rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def tables_of(text: str) -> list[list[str]]:
    """The tables, without the padding of their cells."""
    tables = re.findall(r"(?:^\|.*\|[ ]*\n)+", text, re.MULTILINE)
    return [[_row(_cells(line)) for line in table.splitlines()] for table in tables]


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    return ["---" if re.fullmatch(":?-+:?", cell) else cell for cell in cells]


def test_architecture_draws_the_ladder_of_the_contract() -> None:
    text = text_of(ARCHITECTURE)
    assert ladder() in blocks_of(text), "It should draw:\n" + "\n".join(ladder())


def test_architecture_shows_the_table_of_roles() -> None:
    text = text_of(ARCHITECTURE)
    assert role_table() in tables_of(text), "It should show:\n" + "\n".join(role_table())


def variables_read() -> set[str]:
    """What the settings read from the environment."""
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text()))


def variables_told(text: str) -> set[str]:
    """What README's tables name in their first column."""
    return set(re.findall(r"^\|\s*`([A-Z_]+)`", text, re.MULTILINE))


def test_readme_tells_every_variable_the_settings_read() -> None:
    assert variables_read() - variables_told(text_of(README)) == set()


def test_readme_tells_no_variable_that_nothing_reads() -> None:
    scripts = [path.read_text() for path in (ROOT / "script").iterdir() if path.is_file()]
    in_scripts = set(re.findall(r"""["'${ ]([A-Z][A-Z_]+)\b""", "\n".join(scripts)))
    assert variables_told(text_of(README)) - variables_read() - in_scripts == set()


def test_the_readers_of_both_pages_find_what_they_look_for() -> None:
    text = (
        "```text\n   desk\n  a  |  b\n```\n\n"
        "| may | owner |\n|:--|--|\n| see |  ✓ |\n\n"
        "| `SITE_URL` | where |\n"
    )
    assert blocks_of(text) == [["desk", "a | b"]]
    assert tables_of(text)[0] == ["| may | owner |", "| --- | --- |", "| see | ✓ |"]
    assert variables_told(text) == {"SITE_URL"}
    assert {"SITE_URL", "DATABASE_URL", "EMAIL_URL", "TRUSTED_PROXY_COUNT"} <= variables_read()
