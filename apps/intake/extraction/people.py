"""Everybody a text names. Surnames, "Mr X" and "the director" lead back to them."""

from dataclasses import dataclass

from .names import PEERS, gender_of
from .roles import split_role


@dataclass(slots=True)
class Person:
    """Somebody, or something, that speaks. `gender` is "m", "f" or empty; `named` is false of spokesmen and
    organisations."""

    name: str
    gender: str = ""
    role: str | None = None
    organisation: str | None = None
    named: bool = True
    at: int = 0

    @property
    def surname(self) -> str:
        return surname_of(self.name)

    def describe(self, stated: str) -> None:
        """Takes a role for the first time; a later one only where it is the same and says more."""
        if not stated:
            return
        title, organisation = split_role(stated)
        if not self.role or (not self.organisation and organisation and stated.startswith(self.role)):
            self.role, self.organisation = title, self.organisation or organisation


@dataclass(frozen=True, slots=True)
class Source:
    """A speaker as a phrase has it. `kind` is "name", "pronoun" or "other"; `role` as stated, unsplit."""

    kind: str
    name: str
    title: str = ""
    role: str = ""
    organisation: str = ""


def surname_of(name: str) -> str:
    """In small letters; that of "Lord Roe of Ashby" is Roe."""
    plain = name.partition(" of ")[0] if name.partition(" ")[0].lower() in PEERS else name
    return plain.split()[-1].lower().replace("’", "'")


def _contradicts(one: str, other: str) -> bool:
    return bool(one and other and one != other)


class People:
    """Everybody a text names, and who spoke last."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._names: set[str] = set()

    def knows(self, name: str) -> bool:
        """Whether it is a name already met, whole or its last word."""
        return name in self._names or (" " not in name and name.lower().replace("’", "'") in self._by_surname)

    def by_surname(self, name: str) -> Person | None:
        """The first of that surname."""
        words = name.split()
        found = self._by_surname.get(words[-1].lower().replace("’", "'")) if words else None
        if words and " of " in name:
            found = self._by_surname.get(name.partition(" of ")[0].split()[-1].lower()) or found
        if not found:
            return None
        same = [one for one in found if len(words) > 1 and words[0].lower() == one.name.split()[0].lower()]
        return (same or found)[0]

    def called(self, name: str) -> bool:
        """Whether somebody is known by that surname, or that first name."""
        low = name.lower()
        return self.by_surname(name) is not None or any(
            one.name.lower().split()[0] == low for one in self.all[:200]
        )

    def meet(self, source: Source, at: int) -> Person:
        """The person of a named source: known, or new; what is said of them is added."""
        person = self._known(source)
        if person is None:
            peer = (
                source.title.split()[-1:]
                and source.title.split()[-1].lower() in PEERS
                and " " not in source.name.partition(" of ")[0]
            )
            name = f"{source.title} {source.name}" if peer else source.name
            person = Person(name, gender_of(source.title, source.name), at=at)
            self.all.append(person)
            self._names |= {source.name, name}
            self._by_surname.setdefault(person.surname, []).append(person)
        person.gender = person.gender or gender_of(source.title, source.name)
        person.describe(source.role)
        if source.organisation and not person.organisation:
            person.organisation = source.organisation
        return person

    def _known(self, source: Source) -> Person | None:
        words = source.name.lower().replace("’", "'").split()
        if " of " in source.name and gender_of(source.title, "") and source.title.lower() in PEERS:
            words = words[: words.index("of")]
        for person in self._by_surname.get(words[-1], []):
            names = person.name.lower().replace("’", "'").split()
            if _contradicts(gender_of(source.title, ""), person.gender):
                continue
            if len(words) == 1 or words == names or words[0] == names[0] or names == words[-len(names) :]:
                if len(words) > len(names):
                    person.name = source.name
                elif " of " in source.name and " of " not in person.name and source.title.lower() in PEERS:
                    person.name = f"{source.title} {source.name}"
                return person
        if len(words) == 1:  # called by the first name: "Anna said"
            return next((one for one in self.all[:200] if one.name.lower().split()[0] == words[0]), None)
        full = " ".join(words)
        return next((one for one in self.all[:200] if one.name.lower().endswith(f" {full}")), None)

    def with_role(self, words: list[str], before: int) -> Person | None:
        """The last person before an offset whose role holds all the words: "the health minister"."""
        wanted = [word.lower().strip(",.") for word in words]
        for person in reversed(self.all[-200:]):
            held = f"{person.role} {person.organisation or ''}".lower() if person.role else ""
            if person.at <= before and held and all(word in held for word in wanted):
                return person
        return None
