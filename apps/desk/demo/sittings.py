"""When the UK Parliament did not sit while the Online Harms Bill was on its way: the days between a rise and
a return, neither included, each with Parliament's own page: its news of the break, or Hansard of the last
day."""

from datetime import date

from django.db.models import Q

from apps.accounts.models import User
from apps.desk.demo import extent
from apps.legislation.actions import record_break
from apps.legislation.models import Break, Chamber, SittingBreak

NEWS, HANSARD = "https://www.parliament.uk/business/news/", "https://hansard.parliament.uk/"
COMMONS, BOTH = Chamber.COMMONS, Chamber.BOTH
RECESS, PROROGATION, DISSOLUTION = Break.RECESS, Break.PROROGATION, Break.DISSOLUTION

BREAKS = (
    (COMMONS, RECESS, "Summer recess", "2019-07-26", "2019-09-02", f"{HANSARD}commons/2019-07-25"),
    (BOTH, PROROGATION, "Prorogation", "2019-10-09", "2019-10-13", f"{HANSARD}lords/2019-10-08"),
    (
        *(BOTH, DISSOLUTION, "Dissolution", "2019-11-06", "2019-12-16"),
        f"{NEWS}2019/november/the-house-has-dissolved/",
    ),
    (COMMONS, RECESS, "Summer recess", "2020-07-23", "2020-08-31", f"{HANSARD}commons/2020-07-22"),
    (BOTH, PROROGATION, "Prorogation", "2021-04-30", "2021-05-10", f"{HANSARD}lords/2021-04-29"),
    (COMMONS, RECESS, "Summer recess", "2021-07-23", "2021-08-17", f"{HANSARD}commons/2021-07-22"),
    (
        *(COMMONS, RECESS, "Summer recess after the recall", "2021-08-19", "2021-09-05"),
        f"{HANSARD}commons/2021-08-18",
    ),
    (COMMONS, RECESS, "Conference recess", "2021-09-24", "2021-10-17", f"{HANSARD}commons/2021-09-23"),
    (COMMONS, RECESS, "Christmas recess", "2021-12-17", "2022-01-04", f"{HANSARD}commons/2021-12-16"),
    (
        *(COMMONS, RECESS, "February recess", "2022-02-11", "2022-02-20"),
        f"{NEWS}2022/february-2022/house-of-commons-rises-for-february-recess/",
    ),
    (
        *(BOTH, PROROGATION, "Prorogation", "2022-04-29", "2022-05-09"),
        f"{NEWS}2022/april/parliaments-working-year-comes-to-a-close-2021-22-session-ends/",
    ),
    (COMMONS, RECESS, "Summer recess", "2022-07-22", "2022-09-04", f"{HANSARD}commons/2022-07-21"),
    (COMMONS, RECESS, "November recess", "2022-11-10", "2022-11-13", f"{HANSARD}commons/2022-11-09"),
    (COMMONS, RECESS, "Christmas recess", "2022-12-21", "2023-01-08", f"{HANSARD}commons/2022-12-20"),
    (COMMONS, RECESS, "February recess", "2023-02-10", "2023-02-19", f"{HANSARD}commons/2023-02-09"),
    (COMMONS, RECESS, "Easter recess", "2023-03-31", "2023-04-16", f"{HANSARD}commons/2023-03-30"),
    (COMMONS, RECESS, "Summer recess", "2023-07-21", "2023-09-03", f"{HANSARD}commons/2023-07-20"),
    (COMMONS, RECESS, "Conference recess", "2023-09-20", "2023-10-15", f"{HANSARD}commons/2023-09-19"),
    (BOTH, PROROGATION, "Prorogation", "2023-10-27", "2023-11-06", f"{HANSARD}lords/2023-10-26"),
    (
        *(COMMONS, RECESS, "Christmas recess", "2023-12-20", "2024-01-07"),
        f"{NEWS}2023/december-2023/the-house-of-commons-rises-for-christmas-recess/",
    ),
)  # fmt: skip


def write_breaks(*, by: User) -> None:
    """Those that were never known: what a site knows of them, or has struck out, is left as it is."""
    known = set(SittingBreak.history.values_list("chamber", "sort", "first"))
    for chamber, sort, name, start, end, source in BREAKS:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if (chamber.value, sort.value, first) not in known:
            record_break(chamber=chamber, sort=sort, name=name, first=first, last=last, source=source, by=by)


def take_breaks_away() -> None:
    """Those that people of the demo wrote down and nobody else has changed."""
    changed = SittingBreak.history.filter(Q(history_user=None) | Q(history_user__demo=False)).values("id")
    theirs = SittingBreak.history.filter(history_user__demo=True).exclude(id__in=changed)
    keys = list(theirs.values_list("id", flat=True).distinct())
    SittingBreak.objects.filter(pk__in=keys).delete()
    extent.forget_rows(SittingBreak, keys)
