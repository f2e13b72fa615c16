"""Rows: a contact from a line of cells, or the reason why it is none.

A line fails for its first fault only, so that contacts and failures add up to
the lines of the file.  An address that stands in the file twice is taken where
it first makes a contact; each later line fails and names that one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from runtime.crm import addresses
from runtime.crm.contact_csv.header import Columns, shown
from runtime.crm.contact_csv.text import Record
from runtime.crm.contact_fields import clean
from runtime.errors import Refused

MOST = 200_000
"""Lines of the longest file; failures are kept in memory and answered in one piece."""


_FIELDS = ("company", "title", "timezone", "country", "notes", "lawful_basis", "source")


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as the file has it, normalised; None where the file says nothing."""

    line: int
    email: str
    name: str
    company: str | None
    title: str | None
    timezone: str | None
    country: str | None
    notes: str | None
    lawful_basis: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A line that is no contact: where, what stood there (bounded, printable), and why."""

    line: int
    column: str | None
    value: str | None
    reason: str


@dataclass(slots=True)
class ContactSheet:
    """What a file holds; contacts and failures in the order of their lines."""

    columns: Columns
    rows: list[ContactRow] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Titles of the columns that were left out."""
        return self.columns.ignored

    @property
    def fields(self) -> frozenset[str]:
        """The contact's fields that the file has columns for."""
        names = {"name"} if {"first_name", "last_name"} & self.columns.of.keys() else set()
        return frozenset((self.columns.of.keys() | names) - {"first_name", "last_name"})


def sheet(records: Iterable[Record], columns: Columns) -> ContactSheet:
    """Return the contacts and failures of all records after the titles."""
    made, first_lines = ContactSheet(columns), dict[str, int]()
    for count, record in enumerate(records):
        if count == MOST:
            raise Refused(
                f"The file has more than {MOST:,} lines; split it and import the parts.",
                code="TOO_LARGE",
                field="csv",
            )
        row = _row(record, columns)
        if isinstance(row, ContactRow) and row.email in first_lines:
            reason = f"The address stands on line {first_lines[row.email]} already."
            row = Failure(row.line, columns.title("email"), shown(row.email), reason)
        if isinstance(row, Failure):
            made.failures.append(row)
        else:
            first_lines[row.email] = row.line
            made.rows.append(row)
    return made


def _row(record: Record, columns: Columns) -> ContactRow | Failure:
    if record.fault:
        return Failure(record.line, None, shown(record.cells[0]), record.fault)
    width = len(columns.titles)
    if extra := [cell for cell in record.cells[width:] if cell.strip()]:
        reason = (
            f"The line has {len(record.cells)} cells, the header {width};"
            " put quotes around text that holds the delimiter."
        )
        return Failure(record.line, None, shown(extra[0]), reason)
    # Spreadsheets leave the last delimiters out where the last cells are blank.
    cells = {name: record.cells[i] for name, i in columns.of.items() if i < len(record.cells)}
    try:
        return _contact(record.line, cells)
    except Refused as refused:
        value = shown(cells.get(refused.field, "")) or None
        return Failure(record.line, columns.title(refused.field), value, refused.message)


def _contact(line: int, cells: dict[str, str]) -> ContactRow:
    address = addresses.parse(cells.get("email", ""))
    return ContactRow(
        line,
        address.email,
        clean("name", _name(cells) or address.name) or "",
        *(clean(field, cells.get(field)) for field in _FIELDS),
    )


def _name(cells: dict[str, str]) -> str:
    whole, first, last = (
        cells.get(part, "").strip() for part in ("name", "first_name", "last_name")
    )
    if not whole:
        return f"{first} {last}".strip()
    # "Name" beside "Vorname" is the family name in German files, the whole name in others.
    if first and not last and first.casefold() not in whole.casefold():
        return f"{first} {whole}"
    return whole
