"""Header: which column holds which field, by the many names people give them.

Titles are compared by their letters and digits alone, so ``E-Mail``, ``email``
and ``E mail`` are one.  Where two columns could be a field, the more telling
title wins.  What the caller's mapping says comes before all guessing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.errors import Refused

_NAMES = {
    "email": "email emailaddress emailadresse email1value email1 primaryemail workemail"
    " businessemail emailwork mailadresse mailaddress epost mail emailgeschäftlich emails",
    "name": "fullname name contactname displayname vollständigername vollername kontaktname"
    " contact contactperson kontakt ansprechpartner ansprechpartnerin person",
    "first_name": "firstname givenname vorname forename first",
    "last_name": "lastname surname familyname nachname familienname last",
    "company": "company companyname firma firmenname unternehmen organization organisation"
    " organizationname organization1name account accountname employer arbeitgeber",
    "title": "jobtitle position title role berufsbezeichnung funktion rolle stellenbezeichnung"
    " organization1title organizationtitle jobrole jobtitel titel",
    "timezone": "timezone zeitzone tz",
    "country": "country countrycode countryregion countryname land länderkürzel ländercode staat",
    "lawful_basis": "lawfulbasis legalbasis gdprbasis gdprlawfulbasis lawfulbasisforprocessing"
    " rechtsgrundlage",
    "source": "source leadsource contactsource originalsource quelle herkunft kontaktquelle",
    "notes": "notes note notizen notiz comment comments kommentar kommentare bemerkung"
    " bemerkungen anmerkung anmerkungen remarks description beschreibung",
}
_TITLES = {field: names.split() for field, names in _NAMES.items()}
_NAME_PARTS = {"name", "first_name", "last_name"}
_FIELDS = {"".join(filter(str.isalnum, field)): field for field in _TITLES}

Mapped = Mapping[str, str | None]


@dataclass(frozen=True)
class Columns:
    """The file's titles, and which column each field is ``of``."""

    titles: list[str]
    of: dict[str, int]
    unknown: list[str]
    """Titles that the mapping names and the file does not have."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """Titles of the columns that are left out."""
        kept = set(self.of.values())
        return tuple(shown(t) for i, t in enumerate(self.titles) if t.strip() and i not in kept)

    @property
    def fields(self) -> tuple[str | None, ...]:
        """What each column is taken for, in the file's order; None: it is left out."""
        taken = {place: field for field, place in self.of.items()}
        return tuple(taken.get(place) for place in range(len(self.titles)))

    @property
    def sense(self) -> int:
        """How much these titles look like a contact file's; the address and the mapping tell."""
        return len(self.of) + 10 * ("email" in self.of) - 10 * len(self.unknown)

    def title(self, field: str) -> str:
        """Return what the file calls a field; the field itself where it has no column."""
        parts = ("name", "first_name", "last_name") if field == "name" else (field,)
        return next((shown(self.titles[self.of[part]]) for part in parts if part in self.of), field)

    def refuse_what_lacks(self) -> None:
        """Raise Refused, with the way out, unless a contact can be made of these columns."""
        if self.unknown:
            raise Refused(
                f"The mapping names {_quoted(self.unknown)}, but the file's columns are"
                f" {_quoted(self.titles)}.",
                code="UNKNOWN_COLUMN",
                field="mapping",
            )
        if "email" not in self.of and any("@" in title for title in self.titles):
            raise Refused(
                "The first line holds an e-mail address; put the columns' titles above it,"
                " such as email,name,company.",
                code="MISSING_HEADER",
                field="csv",
            )
        if "email" not in self.of:
            raise self._lacks("the e-mail address", "email")
        if not _NAME_PARTS & self.of.keys():
            raise self._lacks("the name", "name")

    def _lacks(self, what: str, field: str) -> Refused:
        example = next(iter(self.ignored), "Column title")
        return Refused(
            f"No column for {what} among {_quoted(self.titles)}; title it {field}, or say which"
            f' it is with a mapping such as {{"{example}": "{field}"}}.',
            code="MISSING_COLUMN",
            field="csv",
        )


def columns(titles: list[str], mapping: Mapped) -> Columns:
    """Return which column is which; never raises, ``refuse_what_lacks`` does."""
    keys = [_key(title) for title in titles]
    named = {title: _place(title, titles, keys) for title in mapping}
    of = {field: named[title] for title, field in mapping.items() if field and named[title] >= 0}
    taken = set(named.values())
    settled = of.keys() | (_NAME_PARTS if _NAME_PARTS & of.keys() else set())
    for field in (each for each in _TITLES if each not in settled):
        for name in _TITLES[field]:
            if name in keys and (place := keys.index(name)) not in taken:
                of[field] = place
                break
    return Columns(titles, of, [title for title, place in named.items() if place < 0])


def checked(mapping: object) -> dict[str, str | None]:
    """Return a mapping as fields' own names.  Raises Refused, which names the title at fault."""
    if mapping is None:
        return {}
    if not isinstance(mapping, Mapping):
        raise _refused('The mapping is an object such as {"Column title": "email"}.')
    wanted = {str(title): _field(str(title), field) for title, field in mapping.items()}
    for title, field in wanted.items():
        if field and list(wanted.values()).count(field) > 1:
            raise _refused(f'"{shown(title)}" and another column are both mapped to {field}.')
    return wanted


def shown(text: str, limit: int = 80) -> str:
    """Return text from the file fit for a message or a terminal: printable and bounded."""
    text = text.strip()
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else "�" for c in cut)


def _field(title: str, field: object) -> str | None:
    if field is None or field == "":
        return None
    known = _FIELDS.get(_key(field)) if isinstance(field, str) else None
    if known is None:
        raise _refused(
            f'"{shown(title)}" is mapped to "{shown(str(field))}", which is no field of a contact;'
            f" use one of {', '.join(_TITLES)}."
        )
    return known


def _place(title: str, titles: list[str], keys: list[str]) -> int:
    stripped = [each.strip() for each in titles]
    if title.strip() in stripped:
        return stripped.index(title.strip())
    return keys.index(_key(title)) if _key(title) in keys else -1


def _key(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _quoted(titles: list[str]) -> str:
    return ", ".join(f'"{shown(title)}"' for title in titles[:20])


def _refused(reason: str) -> Refused:
    return Refused(reason, code="INVALID_MAPPING", field="mapping")
