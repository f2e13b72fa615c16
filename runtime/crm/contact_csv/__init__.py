"""Contact files: what people export from a spreadsheet or another CRM, read as it comes.

``text`` makes lines of bytes, ``header`` says which column is which, ``rows``
makes a contact of a line.  Pure: no database, no network.  A file that cannot
be understood is refused whole, with the way out; a line that cannot is a
``Failure`` beside the contacts that could be read.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from runtime.crm.contact_csv.header import Columns, checked, columns
from runtime.crm.contact_csv.rows import ContactRow, ContactSheet, Failure, sheet
from runtime.crm.contact_csv.text import (
    LARGEST,
    Record,
    decoded,
    delimiter_and_start,
    records,
)
from runtime.errors import Refused

__all__ = ["LARGEST", "Columns", "ContactRow", "ContactSheet", "Failure", "Head", "head", "read"]


class Head(NamedTuple):
    """How a file begins: what parts its cells, how many lines come before the titles, and they."""

    delimiter: str
    start: int
    columns: Columns


def read(data: bytes | str, mapping: Mapping[str, object] | None = None) -> ContactSheet:
    """Return the contacts of a CSV file, and each line that is none with its reason.

    Bytes may be UTF-8, UTF-16 with its mark, or Windows-1252; text is taken as it is.  Cells are
    parted by comma, semicolon or tab.  The first line names the columns, in any order, in
    English or German; ``mapping`` (column title -> field, or None to leave a column out) says it
    where a title is not known.  Raises Refused with ``field`` csv or mapping.
    """
    begun, lines = _begun(data, mapping)
    begun.columns.refuse_what_lacks()
    return sheet(lines, begun.columns)


def head(data: bytes | str, mapping: object = None) -> Head:
    """Return how ``read`` would take the beginning of a file.

    Raises Refused where it has no titles, but not for columns of which no contact can be made:
    ``refuse_what_lacks`` tells of these.
    """
    return _begun(data, mapping)[0]


def _begun(data: bytes | str, mapping: object) -> tuple[Head, Iterator[Record]]:
    text, wanted = decoded(data), checked(mapping)
    delimiter, start = delimiter_and_start(text, lambda titles: columns(titles, wanted).sense)
    lines = records(text, delimiter, start)
    titles = next(lines, None)
    if titles is None:
        raise Refused("The file is empty.", code="INVALID_CSV", field="csv")
    if titles.fault:
        raise Refused(
            f"The column titles on line {titles.line} cannot be read: {titles.fault}",
            code="INVALID_CSV",
            field="csv",
        )
    return Head(delimiter, start, columns(titles.cells, wanted)), lines
