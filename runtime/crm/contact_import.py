"""Contact import: a file's contacts into the workspace, each address once, however often it comes.

The unique key on workspace and address decides, not a look beforehand, so that
two people who import the same file at the same moment make each contact once.
Addresses go in sorted, so that the two wait for each other and never deadlock.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson
import sqlalchemy as sa

from runtime.crm import erased
from runtime.crm.contact_csv import ContactRow, ContactSheet, Failure, read
from runtime.crm.pipeline import attention
from runtime.db import Transaction
from runtime.models import new_id

BATCH = 1_000
"""Rows of one statement."""

_INSERT = """
    INSERT INTO contacts (workspace_id, id, email, name, company, title, timezone, country, notes,
                          lawful_basis, source, status, created_at, updated_at)
    SELECT :workspace, row.id, row.email, row.name, row.company, row.title, row.timezone,
           row.country, row.notes, row.lawful_basis, coalesce(row.source, :source),
           CASE WHEN EXISTS (
               SELECT FROM suppressions AS s WHERE s.workspace_id = :workspace
               AND s.email IN (row.email, '@' || split_part(row.email, '@', 2))
           ) THEN 'DO_NOT_CONTACT' ELSE 'ACTIVE' END, :now, :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
        id uuid, email text, name text, company text, title text, timezone text, country text,
        notes text, lawful_basis text, source text)
    ORDER BY row.email COLLATE "C"
    ON CONFLICT (workspace_id, email) """
_RETURNING = " RETURNING id, status = 'DO_NOT_CONTACT'"
_FIELDS = (
    *("name", "company", "title", "timezone", "country"),
    *("notes", "lawful_basis", "source"),
)


class OnDuplicate(StrEnum):
    """What happens to a contact that is there already."""

    SKIP = "SKIP"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of each line; the four add up to the file's lines that are not blank.

    ``skipped``: there already, and left as it was or the same.
    """

    created: int
    updated: int
    skipped: int
    failed: Sequence[Failure]
    suppressed: int = 0
    """How many of the created may not be written to."""
    ignored: Sequence[str] = ()
    """Titles of the columns that were left out."""


def import_contacts(
    tx: Transaction,
    data: bytes | str,
    mapping: Mapping[str, object] | None = None,
    *,
    actor: str,
    dry_run: bool = False,
    on_duplicate: OnDuplicate = OnDuplicate.SKIP,
) -> ImportResult:
    """Import a CSV file within the caller's transaction; see ``import_sheet`` and ``read``.

    Raises Refused (``csv`` or ``mapping``) before anything is written.
    """
    sheet = read(data, mapping)
    return import_sheet(tx, sheet, actor=actor, dry_run=dry_run, on_duplicate=on_duplicate)


def import_sheet(
    tx: Transaction,
    sheet: ContactSheet,
    *,
    actor: str,
    dry_run: bool = False,
    on_duplicate: OnDuplicate = OnDuplicate.SKIP,
    progress: Callable[[int], None] = lambda _rows: None,
    file: str | None = None,
) -> ImportResult:
    """Import a file that was read; once more, it creates nothing and changes nothing.

    UPDATE overwrites what the file says and this alone: a column it lacks and a blank cell leave
    the contact as it is, and status and suppression are never touched.  A suppressed address
    comes in as DO_NOT_CONTACT; that of somebody who was erased is refused.  ``dry_run`` does it
    all and takes it back.  ``progress`` is told the rows of each batch that is through.
    ``file``: its name, for the source of contacts whose line names none.
    """
    statement = sa.text(_INSERT + _on_conflict(sheet, on_duplicate) + _RETURNING)
    rows, refused = _without_erased(tx, sheet)
    source = f"Imported{f' from {file}' if file else ''} by {actor} on {tx.now:%Y-%m-%d}."
    created = updated = suppressed = 0
    with tx.connection().begin_nested() as trial:
        for batch in _batches(sorted(rows, key=lambda row: row.email)):
            stored = _store(tx, statement, batch, source)
            made = [is_suppressed for is_new, is_suppressed in stored if is_new]
            created, suppressed = created + len(made), suppressed + sum(made)
            updated += len(stored) - len(made)
            progress(len(batch))
        if dry_run:
            trial.rollback()
    skipped = len(rows) - created - updated
    failed = sorted([*sheet.failures, *refused], key=lambda each: each.line)
    result = ImportResult(created, updated, skipped, failed, suppressed, sheet.ignored)
    if not dry_run:
        _record(tx, result, actor)
        if result.created or result.updated:
            attention.draw(tx)
    return result


def _without_erased(
    tx: Transaction, sheet: ContactSheet
) -> tuple[Sequence[ContactRow], Sequence[Failure]]:
    """Return the rows that may come in, and why those of erased people may not."""
    gone = erased.among(tx, [row.email for row in sheet.rows])
    title = sheet.columns.title("email")
    refused = [
        Failure(row.line, title, row.email, erased.said(gone[row.email]))
        for row in sheet.rows
        if row.email in gone
    ]
    return [row for row in sheet.rows if row.email not in gone], refused


def _on_conflict(sheet: ContactSheet, on_duplicate: OnDuplicate) -> str:
    if on_duplicate is OnDuplicate.SKIP:
        return "DO NOTHING"
    # A line that does not say whence a contact comes must not overwrite what was known of that.
    news_of = dict.fromkeys(_FIELDS, "EXCLUDED.{f}") | {"source": "NULLIF(EXCLUDED.{f}, :source)"}
    said = [
        (f"contacts.{f}", f"COALESCE({news_of[f].format(f=f)}, contacts.{f})", f) for f in _FIELDS
    ]
    said = [each for each in said if each[2] in sheet.fields]
    sets = ", ".join(f"{field} = {new}" for _, new, field in said)
    olds, news = ", ".join(old for old, _, _ in said), ", ".join(new for _, new, _ in said)
    return (
        f"DO UPDATE SET {sets}, updated_at = EXCLUDED.updated_at"
        f" WHERE ROW({olds}) IS DISTINCT FROM ROW({news})"
    )


def _store(
    tx: Transaction, statement: sa.TextClause, batch: Sequence[ContactRow], source: str
) -> list[tuple[bool, bool]]:
    """Return of each row that was written whether it is new, and whether suppressed."""
    rows = {new_id(): row for row in batch}
    written = tx.execute(
        statement,
        {
            "workspace": tx.workspace_id,
            "now": tx.now,
            "source": source,
            "rows": orjson.dumps([_json(id_, row) for id_, row in rows.items()]).decode(),
        },
    )
    return [(id_ in rows, is_suppressed) for id_, is_suppressed in written]


def _json(id_: uuid.UUID, row: ContactRow) -> dict[str, object]:
    return {"id": id_, "email": row.email} | {field: getattr(row, field) for field in _FIELDS}


def _batches(rows: Sequence[ContactRow]) -> Iterator[Sequence[ContactRow]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _record(tx: Transaction, result: ImportResult, actor: str) -> None:
    failed = len(result.failed)
    tx.record(
        "contacts.imported",
        f"Contacts imported: {result.created} created, {result.updated} updated,"
        f" {result.skipped} skipped, {failed} failed.",
        actor=actor,
        created=result.created,
        updated=result.updated,
        skipped=result.skipped,
        failed=failed,
        suppressed=result.suppressed,
    )
