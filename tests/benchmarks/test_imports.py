"""The benchmark of imports measures what it says, on a small file."""

import csv
from pathlib import Path

import pytest

from benchmarks import imports
from benchmarks.databases import SQLITE, fresh, serving

pytestmark = pytest.mark.services


def test_what_is_imported_is_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    imports.material(file, 25)
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.reader(opened))
    assert (tuple(rows[0]), len(rows)) == (imports.HEADERS, 26)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the empty database is made once, and copied for each part."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", ["ours", "default", "default, the same work"])
def test_every_part_imports_its_rows(cache: Path, name: str) -> None:
    pytest.importorskip("import_export")
    with serving(SQLITE, cache) as server, fresh(server, cache) as url:
        found = imports.part(name, 20, url, cache)
    assert found["rows"] == 20
    assert found["rows_per_s"] > 0


def test_the_ratios_are_of_the_largest_file() -> None:
    figures = {"cpu_s": 1.0, "memory_mb": 10.0, "rows": 100, "database": SQLITE}
    found = [
        {"part": "ours", "rows_per_s": 100.0, **figures},
        {"part": "ours", "rows_per_s": 200.0, **figures, "memory_mb": 20.0},
        {"part": "default", "rows_per_s": 50.0, **figures},
    ]
    ratios = imports.ratios(found, SQLITE)
    assert (ratios["vs_default_path"], ratios["memory_growth"]) == (4.0, 2.0)
    assert ratios["vs_default_path_same_work"] is None
