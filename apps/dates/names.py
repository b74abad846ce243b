"""The names of months, days and seasons, in English whatever the machine's locale."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: EDTF's season numbers; each season is three months (see SEASON_STARTS), winter running into February.
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
SEASON_STARTS = {21: 3, 22: 6, 23: 9, 24: 12}
WINTER = 24


def season_months(year: int, season: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and last (year, month) of a UK season; winter belongs to the year it starts in."""
    first = SEASON_STARTS[season]
    last = (year + 1, 2) if season == WINTER else (year, first + 2)
    return (year, first), last
