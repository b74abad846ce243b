"""What became of every reminder, by what the mail server took and what stands in the inboxes."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from apps.notices.models import Delivery, Kind
from apps.reminders.models import Reminder
from tests.faults.post_office import PostOffice

State = Reminder.State
LET_GO = (State.HELD, State.SKIPPED, State.CANCELLED, State.FAILED)


@dataclass(frozen=True)
class Outcome:
    """In reminders: neither arrived nor let go, or said to be sent and never taken; told by two messages that
    a mail program cannot tell for one; held. In messages: taken again under the same Message-ID."""

    lost: int
    doubled: int
    lost_in_app: int
    doubled_in_app: int
    repeats: int
    held: int

    @property
    def each_once(self) -> bool:
        return self == Outcome(0, 0, 0, 0, 0, 0)


def outcome(post: PostOffice) -> Outcome:
    letters: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for letter in post.accepted:
        letters[letter.to].append((letter.message_id, letter.text))
    inboxes: dict[int, list[str]] = defaultdict(list)
    for reader, text in Delivery.objects.filter(kind=Kind.INBOX).values_list("recipient_id", "body"):
        inboxes[reader].append(text)
    counts: Counter[str] = Counter()
    for row in Reminder.objects.select_related("channel", "recipient", "milestone__entry"):
        headline = row.milestone.entry.headline
        if row.channel.kind == Kind.EMAIL:
            told = len({name for name, text in letters[row.recipient.email] if headline in text})
            where = ""
        else:
            told = sum(headline in text for text in inboxes[row.recipient_id])
            where = "_in_app"
        counts["lost" + where] += not told and row.state not in LET_GO
        counts["doubled" + where] += told > 1
        counts["held"] += row.state == State.HELD
    return Outcome(
        lost=counts["lost"],
        doubled=counts["doubled"],
        lost_in_app=counts["lost_in_app"],
        doubled_in_app=counts["doubled_in_app"],
        repeats=post.repeats(),
        held=counts["held"],
    )
