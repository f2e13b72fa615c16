"""Contacts: a CSV file into a workspace, from the terminal."""

import uuid
from pathlib import Path

from rich.progress import Progress

from runtime.crm import contact_csv
from runtime.crm.contact_csv import ContactSheet
from runtime.crm.contact_import import ImportResult, OnDuplicate, import_sheet
from runtime.db import Database
from runtime.operator.terminal import err, say

_ACTOR = "operator"


def import_file(
    db: Database, workspace_id: uuid.UUID, file: Path, on_duplicate: OnDuplicate, *, dry_run: bool
) -> None:
    """Import the file in one transaction, with a bar on a terminal, and print what came of it."""
    sheet = contact_csv.read(file.read_bytes())
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("Importing", total=len(sheet.rows))
        with db.transaction(workspace_id) as tx:
            result = import_sheet(
                tx, sheet, actor=_ACTOR, dry_run=dry_run, on_duplicate=on_duplicate,
                progress=lambda rows: progress.advance(bar, rows), file=file.name,
            )  # fmt: skip
    _print(result, sheet, dry_run=dry_run)


def _print(result: ImportResult, sheet: ContactSheet, *, dry_run: bool) -> None:
    counts = f"{result.created} created, {result.updated} updated, {result.skipped} skipped"
    say(f"{counts}, {len(result.failed)} failed{' (dry run: nothing was kept)' * dry_run}")
    if result.suppressed:
        say(f"{result.suppressed} of the created may not be written to")
    if sheet.ignored:
        say(f"columns left out: {', '.join(sheet.ignored)}")
    for failure in result.failed:
        where = f", {failure.column}" if failure.column else ""
        say(f"line {failure.line}{where}: {failure.reason}")
