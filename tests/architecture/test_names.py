"""Modules are named after what is in them."""

from tests.architecture.rooms import APPS, ROOT

SAY_NOTHING = {"utils", "util", "helpers", "common", "core", "manager", "managers", "data", "misc"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = [path.relative_to(ROOT) for path in APPS.rglob("*.py")]
    assert [path.as_posix() for path in parts if SAY_NOTHING & {*path.with_suffix("").parts}] == []
