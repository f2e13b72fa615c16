"""Text: bytes to characters, characters to records with the line each begins on.

Spreadsheets write UTF-8 with a mark, Windows-1252 or UTF-16, part cells by what
their country uses, and break lines inside quotes.  A quote that is never closed
would swallow the rest of the file: here it costs its own line.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from runtime.errors import Refused

LARGEST = 5 * 1024 * 1024
"""Bytes of the largest file."""

DELIMITERS = (",", ";", "\t")

_HINT = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
_REREAD = 20_000_000
"""Characters that may be read again after broken quotes; without a bound, a file made for it
would be read once for each of its lines."""


class Record(NamedTuple):
    """One line of cells, or with a ``fault`` a line that is none; lines count from 1."""

    line: int
    cells: list[str]
    fault: str = ""


def decoded(data: bytes | str) -> str:
    """Return the file's characters.  Raises Refused for what is too large or no text."""
    size = len(data.encode("utf-8", "surrogatepass")) if isinstance(data, str) else len(data)
    if size > LARGEST:
        raise _refused(
            f"The file is larger than {LARGEST // 1024**2} MB; split it and import the parts.",
            "TOO_LARGE",
        )
    if isinstance(data, bytes) and data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _refused("This is a workbook; save it as CSV (UTF-8) and import that.")
    text = (data if isinstance(data, str) else _characters(data)).removeprefix("\ufeff")
    if "\x00" in text.partition("\n")[0]:
        raise _refused("This is no text; save the table as CSV (UTF-8) and import that.")
    return text


def delimiter_and_start(text: str, sense: Callable[[list[str]], int]) -> tuple[str, int]:
    """Return what parts the cells, and how many lines come before the titles.

    A first line ``sep=;`` is taken at its word.  Else the delimiter is the one that parts the
    titles so that they make the most ``sense``: counting it fails on ``Name, Vorname;E-Mail``.
    """
    if hint := _HINT.match(text):
        return hint[1], 1

    def gain(delimiter: str) -> tuple[int, int]:
        titles = next(records(text, delimiter), Record(0, []))
        return (sense(titles.cells), len(titles.cells)) if not titles.fault else (-1, 0)

    return max(DELIMITERS, key=gain), 0


def records(text: str, delimiter: str, start: int = 0) -> Iterator[Record]:
    """Yield the records after the first ``start`` lines; blank ones are left out, and counted.

    Lines that an open quote swallowed are read again on their own, within reason.
    """
    source = io.StringIO(text, newline="")
    for _ in range(start):
        source.readline()
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    line, patience = start + 1, _REREAD
    while True:
        begin, before, fault = source.tell(), reader.line_num, ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [text[begin : begin + 200].partition("\n")[0]], _fault(error)
        span = reader.line_num - before
        if fault and span > 1:
            patience -= source.tell() - begin
            if patience > 0:
                source.seek(begin)
                source.readline()
                span = 1
            else:
                fault += f" All up to line {line + span - 1} was left out."
        if any(map(str.strip, cells)):
            yield Record(line, cells, fault)
        line += span


def _characters(data: bytes) -> str:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            raise _refused("The UTF-16 text is damaged; save it as CSV (UTF-8).") from None
        # Line by line, because files put together from two sources hold both encodings.
        return "".join(map(_line, data.splitlines(keepends=True)))


def _line(data: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _fault(error: csv.Error) -> str:
    if "end of data" in str(error):
        return "A quote is opened here and never closed."
    if "field larger" in str(error):
        return "A cell is far too long; is a quote left open?"
    return "Text stands beside a quoted cell; double the quotes that belong to the text."


def _refused(reason: str, code: str = "INVALID_CSV") -> Refused:
    return Refused(reason, code=code, field="csv")
