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


@pytest.mark.parametrize(
    "department",
    [
        "Department for Environment, Food and Rural Affairs",
        "Department for Digital, Culture, Media and Sport",
        "Department for Business, Energy, and Industrial Strategy",
        "Foreign, Commonwealth and Development Office",
        "Ministry of Housing, Communities and Local Government",
        "Department of Health and Social Care",
    ],
)
@pytest.mark.parametrize(
    ("text", "speaker", "role"),
    [
        ("A spokesperson for the %s said: “We will act.”", "A spokesperson for the %s", "spokesperson"),
        ("“We will act at once,” a %s spokesman said.", "a %s spokesman", "spokesman"),
        ("“We will act at once,” said a spokesman for the %s.", "a spokesman for the %s", "spokesman"),
        ("Ann Roe, head of rivers at the %s, said: “We will act.”", "Ann Roe", "head of rivers"),
    ],
)
def test_a_department_is_named_whole(text: str, speaker: str, role: str, department: str) -> None:
    said = speakers(text.replace("%s", department))
    assert said == [(speaker.replace("%s", department), role, department)]


@pytest.mark.parametrize(
    ("lead", "speaker"),
    [
        ("A spokesman for Hinks, Brandt and Allison", "A spokesman for Hinks, Brandt and Allison"),
        ("A spokesman for the charity, Anna Roe,", "Anna Roe"),
        ("A spokesman for the Department for Education, Anna Roe,", "Anna Roe"),
    ],
)
def test_who_is_spoken_for_is_not_the_speaker(lead: str, speaker: str) -> None:
    assert [said for said, _, _ in speakers(f"{lead} said: “We will act on it.”")] == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker", "role"),
    [
        ("Mr Justice Holgarth said: “The decision must be quashed.”", "Mr Justice Holgarth", None),
        ("“It must be quashed,” said Lord Justice Sanghera.", "Lord Justice Sanghera", None),
        ("Lady Justice Carrow, sitting in Leeds, said: “It must be quashed.”", "Lady Justice Carrow", None),
        ("Mrs Justice Thornby ruled on it. “It must be quashed,” she said.", "Mrs Justice Thornby", None),
        ("The High Court judge Mr Justice Able-Doe said: “It is void.”", "Mr Justice Able-Doe", "judge"),
        ("Mr Justice Julian Roe’s ruling is long. “It is void,” he said.", "Mr Justice Julian Roe", None),
    ],
)
def test_judges_are_called_by_their_titles(text: str, speaker: str, role: str | None) -> None:
    assert [(said, post) for said, post, _ in speakers(text)] == [(speaker, role)]


def test_what_he_said_is_not_of_whom_the_next_paragraph_names() -> None:
    named = "\n\n“It was a terrible noise,” said Anna Roe, a neighbour."
    said = "“I was in the garden when it came down and took the shed{}"
    roe = ("Anna Roe", "neighbour", None)
    assert speakers(said.format(",” he told the Echo.") + named) == [(None, None, None), roe]
    assert speakers(said.format(".”") + named) == [roe, roe]
