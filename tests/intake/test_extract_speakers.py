"""Whose words they are: members of a debate, spokespeople of departments, judges."""

from datetime import date

import pytest

from apps.intake.extraction import extract

DAY = date(2021, 3, 5)


def speakers(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.speaker, one.role, one.organisation) for one in extract(text, DAY).quotes]


DEBATE = """Wendy Marsh (Thornby) (Lab/Co-op): What plans has he for the payments?

The Minister for Rivers (Thomas Oakley): We have many plans. They are good.

Wendy Marsh: Will he write to me before the recess?

Thomas Oakley: I will write to her in the course of next week.

Rina Patel (Leyburn East) (Ind) [V]: What does he make of this: nobody has been paid?

The Minister for Rivers [V]: I refer her to what I said."""


def test_who_has_spoken_is_named_bare_from_then_on() -> None:
    minister = ("Thomas Oakley", "Minister for Rivers", None)
    marsh, patel = ("Wendy Marsh", None, None), ("Rina Patel", None, None)
    assert speakers(DEBATE) == [marsh, minister, marsh, minister, patel, minister]


def test_a_line_with_a_colon_is_no_turn_of_somebody_who_has_not_spoken() -> None:
    text = DEBATE.replace("Thomas Oakley: I will", "My answer is plain: I will")
    assert len(speakers(text)) == 5


def test_no_role_is_taken_from_what_is_said() -> None:
    text = (
        "Lord Able-Doe (LD) [V]: My Lords, I beg to move.\n\n"
        "Baroness Roe of Kings Ashby (Lab): My Lords, will he say when?\n\n"
        "Lord Able-Doe: My Lords, soon."
    )
    able = ("Lord Able-Doe", None, None)
    assert speakers(text) == [able, ("Baroness Roe of Kings Ashby", None, None), able]
