"""A server asked for bills one by one: one that is in trouble keeps no other from being asked about."""

import pytest

from apps.legislation.providers.asking import Busy, NotThere, Trouble, one_by_one
from apps.legislation.providers.records import Changes

TOKENS = {"1": "a", "2": "a", "3": "a", "4": "a", "5": "a"}


def asked(answers: dict[str, str | Exception]) -> Changes:
    def token_now(external_id: str) -> str:
        answer = answers.get(external_id, "a")
        if isinstance(answer, Exception):
            raise answer
        return answer

    return one_by_one(TOKENS, token_now)


def test_what_is_wrong_with_one_is_its_own() -> None:
    found = asked({"1": Trouble("It is no bill."), "3": "b", "4": NotThere("Gone.")})
    assert found == Changes({"3": "b"}, ("2", "5"), ("4",), ("It is no bill.",), ())


def test_after_three_in_a_row_the_others_wait_for_their_next_turn() -> None:
    found = asked({number: Trouble("No answer.") for number in TOKENS})
    assert (found.changed, found.unchanged, found.missing) == ({}, (), ())
    assert (len(found.troubles), found.left) == (3, ("4", "5"))


def test_no_such_bill_is_an_answer_too() -> None:
    silent = {number: Trouble("No answer.") for number in "1245"}
    assert asked(silent | {"3": NotThere("Gone.")}).left == ()


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    with pytest.raises(Busy):
        asked({"2": Busy("Later.", until=None)})  # type: ignore[arg-type]
