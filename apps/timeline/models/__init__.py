"""The tables of the timeline."""

from apps.timeline.models.density import Density
from apps.timeline.models.entry import Entry, GateIsClosed, Kind, State, Tag, Visibility
from apps.timeline.models.link import Link, Relation
from apps.timeline.models.use import Use, Way
from apps.timeline.models.words import Words

__all__ = [
    "Density",
    "Entry",
    "GateIsClosed",
    "Kind",
    "Link",
    "Relation",
    "State",
    "Tag",
    "Use",
    "Visibility",
    "Way",
    "Words",
]
