"""What a version holds is kept and read again unchanged, and compared in sentences."""

import json
from dataclasses import replace

from apps.press.content import Part, content_from, differences
from tests.press.editions import GONE, MILESTONE, NOTE, QUOTE, STATISTIC, UPDATE, edition


def test_content_is_read_again_as_it_was_kept() -> None:
    content = edition(NOTE, STATISTIC, QUOTE, MILESTONE, UPDATE, GONE).content
    kept = json.loads(json.dumps(content.as_json(), sort_keys=True))
    assert content_from(kept) == content
    assert content_from(kept).digest == content.digest


def told(old: tuple[Part, ...], new: tuple[Part, ...]) -> list[tuple[str, ...]]:
    return [each.what for each in differences(edition(*old).content, edition(*new).content)]


def test_nothing_changed_is_nothing_to_tell() -> None:
    assert told((NOTE, STATISTIC), (NOTE, STATISTIC)) == []


def test_what_changed_is_told_in_sentences() -> None:
    moved = replace(MILESTONE, facts=MILESTONE.facts | {"target": "spring 2022", "stands": "in 9 days"})
    assert told((MILESTONE,), (moved,)) == [("Target date: “by the end of 2021” → “spring 2022”",)]
    assert told((STATISTIC,), (STATISTIC, QUOTE)) == [("Added",)]
    assert told((STATISTIC, QUOTE), (STATISTIC,)) == [("Taken out",)]
    assert told((STATISTIC, QUOTE), (QUOTE, STATISTIC)) == [("The order of the entries changed",)]
    assert told((STATISTIC, NOTE), (STATISTIC,)) == [("Note taken out: “Figures first.”",)]
    beside = replace(STATISTIC, text="")
    assert told((STATISTIC,), (beside,)) == [("Note beside it: “Ask for the table.” → nothing",)]


def test_what_changes_by_itself_is_no_change() -> None:
    for by_itself in ({"stands": "12 days overdue"}, {"address": "https://moved.example/c/x/entries/3/"}):
        other = replace(MILESTONE, facts=MILESTONE.facts | by_itself)
        assert told((MILESTONE,), (other,)) == []


def test_a_link_is_missed_only_where_both_its_ends_are_told() -> None:
    unlinked = replace(STATISTIC, links=())
    assert told((STATISTIC, QUOTE), (unlinked, QUOTE)) == [("Its links to the other entries changed",)]
    assert told((STATISTIC, GONE), (unlinked, GONE)) == []


def test_of_what_is_gone_nothing_is_compared() -> None:
    assert told((QUOTE,), (GONE,)) == [("What stood here was withdrawn on 3 March 2026.",)]
    assert told((GONE,), (GONE,)) == []
