"""The Bills API, read over a real connection: paging, faults, and everything the schema does not say."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.legislation.models import Standing
from apps.legislation.providers import PROVIDERS, asking, find_address
from apps.legislation.providers.asking import Asker, Busy, NotThere, Trouble, retry_after
from apps.legislation.providers.reading import day, key, moment, text, things, web_address, whole
from apps.legislation.providers.records import BECAME_LAW, Chamber
from apps.legislation.providers.uk_bills import UkBills, _Stages
from apps.sources.models import Host
from tests.legislation.conftest import Waiting
from tests.legislation.openapi import answer_of, breaches
from tests.legislation.parliament import (
    FAULT,
    HTML,
    SAFETY,
    TRUNCATED,
    Parliament,
    a_bill,
    a_stage,
    hangs_up,
    is_slow,
    recorded,
    says,
    tells,
)
from tests.make import AT

pytestmark = pytest.mark.django_db
UK = UkBills()
BILLS = "/api/v1/Bills"


def ask(parliament: Parliament, clock: Waiting, **how: Any) -> Asker:
    return Asker(parliament.url, clock=clock, pause=clock.pause, **how)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("search", BILLS),
        ("bill-3137", f"{BILLS}/{{billId}}"),
        ("bill-3137-before", f"{BILLS}/{{billId}}"),
        ("bill-3548", f"{BILLS}/{{billId}}"),
        ("bill-3137-stages", f"{BILLS}/{{billId}}/Stages"),
        ("bill-2818-stages", f"{BILLS}/{{billId}}/Stages"),
    ],
)
def test_what_is_recorded_is_as_parliaments_specification_has_it(name: str, path: str) -> None:
    spec = recorded("openapi")
    assert list(breaches(recorded(name), answer_of(spec, path), spec)) == []


def test_the_specification_does_find_faults() -> None:
    spec = recorded("openapi")
    wrong = {"items": [{"billId": "x", "odd": 1, "currentHouse": "Moon", "isAct": None}], "totalResults": 1.5}
    assert list(breaches(wrong, answer_of(spec, BILLS), spec)) == [
        ".items[0].billId is 'x', no integer",
        ".items[0].odd is unknown",
        ".items[0].currentHouse is 'Moon', none of ['All', 'Commons', 'Lords', 'Unassigned']",
        ".items[0].isAct is null",
        ".totalResults is 1.5, no integer",
    ]


def test_the_server_of_these_tests_answers_as_specified(parliament: Parliament, clock: Waiting) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-04-01"), (12, None))])
    spec = recorded("openapi")
    with ask(parliament, clock) as asker:
        for path, sort in (
            (BILLS, ""),
            (f"{BILLS}/7", "/{billId}"),
            (f"{BILLS}/7/Stages", "/{billId}/Stages"),
        ):
            assert list(breaches(asker.json(path), answer_of(spec, BILLS + sort), spec)) == []


# --- What is read -----------------------------------------------------------------------------------------


def test_a_search_says_how_each_bill_stands(parliament: Parliament, clock: Waiting) -> None:
    parliament.fails(tells(recorded("search")))
    with ask(parliament, clock) as asker:
        found = UK.search(asker, "bill")
    assert [(bill.external_id, bill.title, bill.stage, bill.where) for bill in found.bills[:3]] == [
        ("4129", "Financial Services and Markets Bill [HL]", "3rd reading", "Lords"),
        ("3894", "General Cemetery Act 2025", "Royal Assent", ""),
        ("4030", "Railways Bill", "Committee stage", "Lords"),
    ]
    assert [bill.standing for bill in found.bills] == [
        Standing.OPEN,
        Standing.LAW,
        Standing.OPEN,
        Standing.OPEN,
        Standing.OPEN,
        Standing.LAW,
    ]
    assert (found.more, found.troubles) == (False, ())
    assert parliament.asked == [f"{BILLS}?SearchTerm=bill&SortOrder=DateUpdatedDescending&Take=20"]


def test_a_bill_with_its_sponsor_and_when_it_changed(parliament: Parliament, clock: Waiting) -> None:
    parliament.holds(recorded("bill-3548"), [])
    with ask(parliament, clock) as asker:
        bill = UK.get_bill(asker, "3548")
    assert bill.token == "2024-03-12T23:17:31.2836411"
    assert bill.updated == datetime(2024, 3, 12, 23, 17, 31, tzinfo=UTC)
    (sponsor,) = bill.sponsors
    assert (sponsor.external_id, sponsor.person, sponsor.seat, sponsor.house) == (
        "4643",
        "Jack Brereton",
        "MP for Stoke-on-Trent South (Conservative)",
        "House of Commons",
    )
    assert sponsor.address == "https://members.parliament.uk/member/4643/contact"
    assert (bill.troubles, bill.address) == ((), "https://bills.parliament.uk/bills/3548")


def test_the_online_safety_bills_days(parliament: Parliament, clock: Waiting) -> None:
    parliament.holds_the_online_safety_bill()
    with ask(parliament, clock) as asker:
        bill, listed = UK.get_bill(asker, "3137"), UK.list_actions(asker, "3137")
    assert (bill.standing, bill.title) == (Standing.LAW, "Online Safety Act 2023")
    assert (len(listed.actions), listed.whole, listed.troubles) == (42, True, ())
    last = listed.actions[-1]
    assert (last.stage, last.day, last.chamber, last.classification) == (
        "Royal Assent",
        date(2023, 10, 26),
        Chamber.NONE,
        (BECAME_LAW,),
    )
    assert last.address == "https://bills.parliament.uk/bills/3137/stages/913719"
    reports = [action for action in listed.actions if action.stage == "Report stage"]
    assert len({(action.where, action.order) for action in reports}) == 3
    assert len(parliament.asked) == 2


def test_a_stage_without_days_stands_for_itself(parliament: Parliament, clock: Waiting) -> None:
    parliament.holds(a_bill(2818), recorded("bill-2818-stages")["items"])
    with ask(parliament, clock) as asker:
        first, second = UK.list_actions(asker, "2818").actions
    assert (first.external_id, first.day, first.is_sitting) == ("sitting 11498", date(2021, 1, 12), True)
    assert (second.external_id, second.day, second.is_sitting) == ("stage 12655", None, False)


def test_a_long_bill_is_read_page_by_page(
    parliament: Parliament, clock: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    parliament.holds_the_online_safety_bill()
    monkeypatch.setattr("apps.legislation.providers.uk_bills.STAGES_A_PAGE", 7)
    with ask(parliament, clock) as asker:
        listed = UK.list_actions(asker, "3137")
    assert (len(listed.actions), listed.whole, asker.requests) == (42, True, 3)


def test_which_bills_changed_is_asked_once_for_many(parliament: Parliament, clock: Waiting) -> None:
    for number in range(1, 81):
        parliament.holds(a_bill(number), [])
    tokens = {str(number): "2026-03-01T10:00:00.0000001" for number in range(1, 81)}
    parliament.touch(5, "2026-03-02T10:00:00.0000001")
    del parliament.bills[6]
    with ask(parliament, clock) as asker:
        changes = UK.changed_since(asker, tokens)
    assert changes.changed == {"5": "2026-03-02T10:00:00.0000001"}
    assert (len(changes.unchanged), changes.missing, asker.requests) == (78, ("6",), 1)
    assert len(parliament.url) + len(parliament.asked[0]) < 2000


def test_eighty_of_the_longest_ids_fit_into_an_address(parliament: Parliament, clock: Waiting) -> None:
    with ask(parliament, clock) as asker:
        changes = UK.changed_since(asker, {str(999_999_900 + number): "" for number in range(80)})
    assert len(changes.missing) == 80


@pytest.mark.parametrize(
    "typed",
    [
        "https://bills.parliament.uk/bills/3137",
        "https://bills.parliament.uk/bills/3137/",
        "http://www.bills.parliament.uk/bills/3137/stages/16435?x=1#top",
        "bills.parliament.uk/bills/3137/publications",
        "https://bills-api.parliament.uk/api/v1/Bills/3137",
    ],
)
def test_the_address_of_a_bills_page_says_which(typed: str) -> None:
    assert find_address(typed) == (PROVIDERS["uk-bills"], "3137")


@pytest.mark.parametrize(
    "typed",
    ["", "3137", "https://example.org/bills/3137", "https://bills.parliament.uk/", "http://[", "bills/3137"]
    + ["https://bills.parliament.uk/bills/x", "https://bills.parliament.uk.example.org/bills/3137"]
    + ["https://bills.parliament.uk/bills/" + "9" * 400],
)
def test_other_addresses_say_nothing(typed: str) -> None:
    assert find_address(typed) is None


def test_a_provider_that_is_turned_off_says_so(settings: Any) -> None:
    assert UK.off() == ""
    settings.UK_BILLS_API = ""
    assert UK.off() == "It is turned off: UK_BILLS_API is empty."


# --- Faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (HTML, "127.0.0.1 answered with a web page where data was asked for."),
        (TRUNCATED, "127.0.0.1 answered with data that is damaged or breaks off."),
        (says(200, b"[" * 100_000), "127.0.0.1 answered with data that is damaged or breaks off."),
        (says(200, b"9" * 5000), "127.0.0.1 answered with something that is no data."),
        (says(200, b""), "127.0.0.1 answered with something that is no data."),
        (says(400, b"{}"), "127.0.0.1 refused to answer (400)."),
        (tells([]), "127.0.0.1 answered with something that is not bill 7."),
        (tells({"billId": 8}), "127.0.0.1 answered with something that is not bill 7."),
        (tells({"billId": None}), "127.0.0.1 answered with something that is not bill 7."),
    ],
)
def test_what_is_no_bill_is_told_in_words(
    fault: Any, said: str, parliament: Parliament, clock: Waiting
) -> None:
    parliament.fails(fault)
    with pytest.raises(Trouble) as trouble, ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")
    assert str(trouble.value) == said


def test_a_bill_that_is_not_there_is_told_apart(parliament: Parliament, clock: Waiting) -> None:
    with pytest.raises(NotThere), ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")


@pytest.mark.parametrize(
    ("fault", "waits"), [(FAULT, 2), (hangs_up, 2), (says(429), 2), (says(503, Retry_After="3"), 3)]
)
def test_what_may_go_well_in_a_moment_is_tried_again(
    fault: Any, waits: float, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds(a_bill(7), [])
    parliament.fails(fault, times=2)
    with ask(parliament, clock) as asker:
        assert UK.get_bill(asker, "7").title == "Bill 7"
    assert asker.requests == 3
    assert clock.waited[0] == waits


def test_after_three_tries_the_server_is_left_alone(parliament: Parliament, clock: Waiting) -> None:
    parliament.fails(FAULT, times=9)
    with (
        pytest.raises(Busy, match=r"127.0.0.1 has a fault of its own \(500\)"),
        ask(parliament, clock) as asker,
    ):
        UK.get_bill(asker, "7")
    assert len(parliament.asked) == 3


def test_a_server_that_asks_for_patience_gets_it_from_everybody(
    parliament: Parliament, clock: Waiting
) -> None:
    parliament.fails(says(429, Retry_After="600"))
    with pytest.raises(Busy) as busy, ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")
    assert busy.value.until == AT + timedelta(minutes=10)
    assert Host.objects.get(name="127.0.0.1").free_from == AT + timedelta(minutes=10)
    with pytest.raises(Trouble, match="asked for patience"), ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")
    assert len(parliament.asked) == 1


def test_a_server_that_answers_late_is_not_waited_for(
    parliament: Parliament, clock: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    parliament.fails(is_slow(0.6), times=3)
    with pytest.raises(Busy, match="took longer than 0.2 seconds"), ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")


def test_one_asker_at_a_time_and_a_second_between_requests(parliament: Parliament, clock: Waiting) -> None:
    parliament.holds(a_bill(7), [])
    other = Waiting(AT)
    with ask(parliament, clock) as asker:
        UK.get_bill(asker, "7")
        with pytest.raises(Trouble, match="Somebody else is asking"), ask(parliament, other) as second:
            UK.get_bill(second, "7")
        UK.list_actions(asker, "7")
    assert clock.waited == [1.0]
    with ask(parliament, other) as second:
        UK.get_bill(second, "7")


def test_a_look_that_has_no_time_left_asks_nothing(parliament: Parliament, clock: Waiting) -> None:
    with (
        pytest.raises(Trouble, match="no time left"),
        ask(parliament, clock, going=lambda: False) as asker,
    ):
        UK.get_bill(asker, "7")
    assert parliament.asked == []


def test_a_list_that_breaks_off_is_kept_as_far_as_it_goes(
    parliament: Parliament, clock: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.legislation.providers.uk_bills.STAGES_A_PAGE", 2)
    stages = [a_stage(number, (100 + number, "2026-04-01")) for number in range(1, 6)]
    parliament.holds(a_bill(7), stages)
    whole_page = {"items": stages[:2], "totalResults": 5}
    for fault, said in (
        (HTML, "127.0.0.1 answered with a web page where data was asked for."),
        (TRUNCATED, "127.0.0.1 answered with data that is damaged or breaks off."),
        (tells({"items": [], "totalResults": 5}), "127.0.0.1 gave 2 of 5 and then no more."),
        (tells(whole_page), "127.0.0.1 gave the same page again and again, so its list was left."),
        (tells({"items": None}), "127.0.0.1 answered with a list that is none."),
        (tells("no"), "127.0.0.1 answered with a list that is none."),
    ):
        parliament.faults = [("/", tells(whole_page)), ("/", fault)]
        with ask(parliament, clock) as asker:
            listed = UK.list_actions(asker, "7")
        assert (len(listed.actions), listed.whole, listed.troubles) == (2, False, (said,))


def test_a_total_that_is_never_reached_ends_all_the_same(
    parliament: Parliament, clock: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.legislation.providers.uk_bills.STAGES_A_PAGE", 1)
    monkeypatch.setattr(asking, "MOST_PAGES", 4)
    for number in range(9):
        parliament.fails(tells({"items": [a_stage(number)], "totalResults": 2**31 - 1}))
    with ask(parliament, clock) as asker:
        listed = UK.list_actions(asker, "7")
    assert (len(listed.actions), listed.whole) == (4, False)
    assert listed.troubles == ("127.0.0.1 has a list of more than 4 pages.",)


def test_odd_stages_are_read_as_far_as_they_go() -> None:
    reading = _Stages("7", "https://example.org/7")
    for number, stage in enumerate(
        [
            a_stage(1, (11, "2026-04-01"), stageId=9999, description="Motion to revive Bill", brandNew=[1]),
            a_stage(
                2, (21, "2026-04-02"), (21, "2026-04-03"), abbreviation=None, house="Moon", sessionId=None
            ),
            a_stage(3, (31, None), description=None),
            a_stage(4, (41, "2026-13-45")),
            {"id": None, "description": None},
            {"id": 6, "description": "Committal", "stageSittings": None, "sortOrder": "x"},
            {"id": 7, "description": "Instruction", "stageSittings": [None, {"date": "2026-05-01T00:00:00"}]},
        ],
        start=1,
    ):
        reading.add(stage, number)
    found = {name: (action.stage, action.day, action.order) for name, action in reading.actions.items()}
    assert found == {
        "sitting 11": ("Motion to revive Bill", date(2026, 4, 1), 1),
        "sitting 21": ("Committee stage", date(2026, 4, 2), 2),
        "sitting 31": ("Stage 3", None, 3),
        "sitting 41": ("Committee stage", None, 4),
        "stage 6": ("Committal", None, 6),
        "7 on 2026-05-01": ("Instruction", date(2026, 5, 1), 7),
    }
    assert reading.troubles == [
        "A sitting of Committee stage is listed twice with different days: "
        "2026-04-02 is taken, not 2026-04-03.",
        "The day of a sitting of Committee stage could not be read (sitting 41).",
        "A stage could not be read.",
        "A day of Instruction could not be read.",
    ]
    assert reading.lost


def test_the_seconds_of_a_change_may_have_any_number_of_digits() -> None:
    summer = datetime(2023, 7, 1, 12, 0, 1, tzinfo=UTC)
    for said in ("2023-07-01T13:00:01.1234567", "2023-07-01T13:00:01", "2023-07-01T12:00:01.99Z"):
        assert moment(said, "Europe/London") == summer
    assert moment("2023-07-01T13:00:01.1234567+01:00", "Europe/London") == summer
    assert moment("0001-01-01T00:00:00", "Europe/London") is None


def test_a_day_stays_the_day_it_is_in_london() -> None:
    assert day("2023-07-01T00:00:00", "Europe/London") == date(2023, 7, 1)
    assert day("2023-06-30T23:00:00Z", "Europe/London") == date(2023, 7, 1)
    assert day("2023-07-01", "Europe/London") == date(2023, 7, 1)
    assert day("1 July 2023", "Europe/London") is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("-1", None), ("9" * 400, 999_999_999.0)]
    + [("Tue, 10 Mar 2026 10:00:30 GMT", 30.0), ("Tue, 10 Mar 2020 10:00:30 GMT", 0.0)],
)
def test_retry_after_is_a_number_or_a_date(said: str, seconds: float | None) -> None:
    assert retry_after(said, AT) == seconds


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["2026-04-01T00:00:00", "2026-04-01T00:00:00.1234567", "Commons", "Royal Assent", "\ud800"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(ANY_JSON)
def test_reading_never_fails_and_gives_what_can_be_kept(value: Any) -> None:
    for words in (text(value), key(value), web_address(value)):
        words.encode()
        assert "\x00" not in words
        assert len(words) <= 1000
    assert abs(whole(value)) < 2**31
    assert isinstance(things(value), list)
    for found in (day(value, "Europe/London"), moment(value, "Europe/London")):
        assert found is None or 1800 <= found.year <= 2200


def _planted(data: st.DataObject, told: Any) -> Any:
    """The same with a few values anywhere in it changed to anything, taken out, or added to."""
    told = json.loads(json.dumps(told))
    for _ in range(data.draw(st.integers(1, 4))):
        here = told
        while isinstance(here, dict | list) and here:
            where = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            if not isinstance(here[where], dict | list) or not here[where] or data.draw(st.booleans()):
                here[where] = data.draw(ANY_JSON)
                break
            here = here[where]
        if isinstance(told, dict):
            told[data.draw(st.text(max_size=8))] = data.draw(ANY_JSON)
    return told


@given(st.data())
def test_unknown_values_anywhere_in_a_bill_or_its_stages_fail_nothing(data: st.DataObject) -> None:
    UK._bill(_planted(data, recorded("bill-3137")))
    UK._bill(data.draw(ANY_JSON))
    reading = _Stages("3137", "https://example.org/3137")
    for number, stage in enumerate(_planted(data, recorded("bill-3137-stages")["items"][-3:]), start=1):
        reading.add(stage if isinstance(stage, dict) else {}, number)
    for action in reading.actions.values():
        action.external_id.encode()
        assert 0 < len(action.external_id) <= 60
        assert action.stage


def test_the_id_of_the_online_safety_bill_is_known() -> None:
    assert recorded("bill-3137")["billId"] == SAFETY
