"""There is one way to entries. Whatever goes round the gate is listed here, with its reason."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.shortcuts import get_object_or_404

from apps.timeline.models import Entry, GateIsClosed
from tests.architecture.rooms import APPS, ROOT

PAST_THE_GATE = {
    "apps/timeline/actions.py": "locks the row it is about to write",
    "apps/timeline/index.py": "has the words of all in the index: whoever looks in it comes through the gate",
    "apps/timeline/models/entry.py": "narrows what the gate let through to what the index holds of it",
    "apps/timeline/density.py": "keeps the counts of all, and takes off what the gate would not let through",
    "apps/evidence/series.py": "says which figures of a series are superseded, whoever may see them",
    "apps/evidence/actions.py": "writes details: whoever calls it has the entry already",
    "apps/evidence/clearance.py": "signs quotes off: whoever calls it has the entry already",
    "apps/evidence/guard.py": "checks the words of every quote, whoever may see it",
    "apps/evidence/telling.py": "finds what is about to be shown or hidden, for owners and press",
    "apps/legislation/actions.py": "writes details: whoever calls it has the entry already",
    "apps/legislation/hooks.py": "counts what hangs on others, whoever may see it",
    "apps/legislation/hanging.py": "locks the milestones it is about to hang on each other",
    "apps/legislation/falling.py": "settles what falls with a bill, whoever may see it",
    "apps/legislation/importing.py": "writes what a provider tells, whoever may see it",
    "apps/reminders/planning.py": "plans every milestone, whoever may see it",
    "apps/timeline/bulk.py": "writes many entries at once: whoever calls it has them already",
    "apps/evidence/bulk.py": "writes details of many entries at once",
    "apps/legislation/bulk.py": "writes details of many entries at once",
    "apps/intake/sheets/twins.py": "knows entries again in a file, for those who see all of a campaign",
    "apps/intake/sheets/undoing.py": "asks what points to entries before it takes them back",
    "apps/desk/management/commands/make_entries.py": "fills a site for trying and measuring it at size",
    "apps/desk/history.py": "names what the keys of a row's older versions pointed at",
}
MANAGERS = {"everything", "_default_manager", "_base_manager"}
RAW = {"raw", "extra"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
GATED = {"Entry", "Statistic", "Quote", "Milestone"}


def ways_round(tree: ast.AST) -> Iterator[str]:
    """What in this code reaches entries past the gate."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield f".{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RAW:
            yield f".{node.func.attr}()"
        elif isinstance(node, ast.Call) and _name(node.func) in SHORTCUTS and _name(node.args[0]) in GATED:
            yield f"{_name(node.func)}({_name(node.args[0])})"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def files() -> dict[str, set[str]]:
    """Every file of the rooms that goes round the gate, and how."""
    found = {
        path.relative_to(ROOT).as_posix(): set(ways_round(ast.parse(path.read_text())))
        for path in sorted(APPS.rglob("*.py"))
        if "migrations" not in path.parts
    }
    return {path: ways for path, ways in found.items() if ways}


def test_only_the_listed_files_go_round_the_gate() -> None:
    assert {path: ways for path, ways in files().items() if path not in PAST_THE_GATE} == {}


def test_the_list_holds_no_file_that_has_stopped() -> None:
    assert set(PAST_THE_GATE) - set(files()) == set()


def test_no_page_is_on_the_list() -> None:
    pages = ("views", "forms", "tables", "filters", "templatetags")
    assert [
        path for path in PAST_THE_GATE if any(part in Path(path).with_suffix("").parts for part in pages)
    ] == []


@pytest.mark.parametrize(
    ("code", "way"),
    [
        ("Entry.everything.all()", ".everything"),
        ("models = Quote.everything", ".everything"),
        ("Entry._default_manager.get(pk=1)", "._default_manager"),
        ("type(entry)._base_manager", "._base_manager"),
        ("rows.extra(where=[])", ".extra()"),
        ("User.objects.raw('select 1')", ".raw()"),
        ("get_object_or_404(Entry, pk=1)", "get_object_or_404(Entry)"),
        ("shortcuts.get_object_or_404(models.Quote, pk=1)", "get_object_or_404(Quote)"),
    ],
)
def test_a_planted_way_round_is_found(code: str, way: str) -> None:
    assert list(ways_round(ast.parse(code))) == [way]


@pytest.mark.parametrize(
    "ask",
    [
        lambda gate: gate.all(),
        lambda gate: gate.filter(pk=1),
        lambda gate: gate.exclude(pk=1),
        lambda gate: gate.get(pk=1),
        lambda gate: gate.first(),
        lambda gate: gate.values(),
        lambda gate: gate.count(),
        lambda gate: gate.exists(),
        lambda gate: gate.in_bulk(),
        lambda gate: gate.raw("select * from timeline_entry"),
        lambda gate: gate.create(headline="x"),
        lambda gate: gate.bulk_create([]),
        lambda gate: gate.update(headline="x"),
        lambda gate: gate.using("default"),
        lambda gate: get_object_or_404(gate, pk=1),
    ],
)
def test_the_public_manager_opens_to_nothing_but_visible_to(ask: Callable[[Any], object]) -> None:
    with pytest.raises(GateIsClosed):
        ask(Entry.objects)


def test_the_public_manager_cannot_be_walked() -> None:
    with pytest.raises(TypeError):
        iter(Entry.objects)  # type: ignore[call-overload]
