"""Suppression files: addresses that want no mail, as another system or a person lists them.

One column is enough, with or without a title, whatever else stands beside it.  A cell may
be an address, or a domain such as ``@example.org``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from runtime.crm import suppression
from runtime.crm.contact_csv import Failure
from runtime.crm.contact_csv.header import columns, shown
from runtime.crm.contact_csv.text import Record, decoded, delimiter_and_start, records
from runtime.errors import Refused


@dataclass(slots=True)
class SuppressionSheet:
    """Addresses and domains, each once; and each line that is neither."""

    emails: dict[str, int] = field(default_factory=dict)
    """With the line of each."""
    failures: list[Failure] = field(default_factory=list)


def read(data: bytes | str) -> SuppressionSheet:
    """Return what a file lists.  Raises Refused (``csv``) where no column holds addresses."""
    text = decoded(data)
    delimiter, start = delimiter_and_start(text, lambda cells: 0 if _place(cells) is None else 1)
    lines = records(text, delimiter, start)
    first = next(lines, Record(0, []))
    place = _place(first.cells)
    if first.fault or place is None:
        raise Refused(
            "There is no column of addresses: title it email, or list nothing but addresses.",
            code="MISSING_COLUMN",
            field="csv",
        )
    sheet = SuppressionSheet()
    for record in _with_first(first, lines, place):
        _take(sheet, record, place)
    return sheet


def _place(cells: list[str]) -> int | None:
    """Return the column of the addresses, by its title or, where there are none, by its look."""
    titled = columns(cells, {}).of.get("email")
    if titled is not None:
        return titled
    return next((place for place, cell in enumerate(cells) if "@" in cell), None)


def _with_first(first: Record, lines: Iterator[Record], place: int) -> Iterator[Record]:
    if "@" in first.cells[place]:
        yield first
    yield from lines


def _take(sheet: SuppressionSheet, record: Record, place: int) -> None:
    cell = record.cells[place] if place < len(record.cells) else ""
    if record.fault:
        sheet.failures.append(Failure(record.line, None, shown(cell) or None, record.fault))
        return
    try:
        sheet.emails.setdefault(suppression.listed(cell, field="csv"), record.line)
    except Refused as refused:
        sheet.failures.append(Failure(record.line, None, shown(cell) or None, refused.message))
