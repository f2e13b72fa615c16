"""Imports: a file of contacts, as people export them."""

import base64
import binascii
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.mutations.perform import attempt
from graphql_api.scalars import JSON
from graphql_api.sdl import entry, field, output
from graphql_api.types.enums import OnDuplicate, Role
from runtime.crm.contact_csv import ContactSheet, Failure, read
from runtime.crm.contact_import import ImportResult, import_sheet
from runtime.errors import Refused

T = TypeVar("T")


@entry
class ImportContactsInput:
    """The file, as text (csv) or as its bytes (base64), at most 5 MB.

    mapping: column title -> field, where a title is not understood by itself.
    """

    csv: str | None = None
    base64: str | None = None
    mapping: JSON | None = None
    dry_run: bool | None = False
    on_duplicate: OnDuplicate | None = OnDuplicate.SKIP

    def sheet(self) -> ContactSheet:
        """Read the file; Refused names what was given."""
        mapping = self.mapping
        if not isinstance(mapping, dict | None):
            text = "The mapping is an object: column title to field."
            raise Refused(text, code="MALFORMED", field="mapping")
        return from_file(self.csv, self.base64, lambda data: read(data, mapping))


def from_file(csv: str | None, encoded: str | None, reader: Callable[[str | bytes], T]) -> T:
    """Read a file that came as text or as base64; Refused names the one that was given."""
    if (csv is None) == (encoded is None):
        raise Refused("Send the file as csv or as base64, one of the two.", field="csv")
    if encoded is None:
        return reader(csv or "")
    try:
        return reader(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise Refused("This is not base64.", code="MALFORMED", field="base64") from None
    except Refused as refused:
        if refused.field == "csv":
            refused.field = "base64"
        raise


@output
class ImportFailure:
    """A line that is no contact: where, what stood there, and why."""

    line: int
    column: str | None
    value: str | None
    reason: str


@output
class ImportContactsPayload:
    """What became of each line."""

    created: int
    updated: int
    skipped: int
    failed: list[ImportFailure]
    user_errors: list[UserError]


@output
class ImportMutations:
    """What can be imported."""

    @field
    async def import_contacts(
        self,
        info: Info,
        input: ImportContactsInput,  # noqa: A002 - the contract's name
    ) -> ImportContactsPayload:
        """Import a file of contacts; each refused line is told, the rest goes in, once."""
        info.context.caller.must_be(Role.MEMBER)
        try:
            # Read before the transaction: a large file takes a while, and holds no row meanwhile.
            sheet = await info.context.services.off_loop(input.sheet)
        except Refused as refused:
            return _payload(None, [user_error(refused)])
        work = partial(
            import_sheet,
            sheet=sheet,
            actor=info.context.caller.name,
            dry_run=bool(input.dry_run),
            on_duplicate=input.on_duplicate or OnDuplicate.SKIP,
        )
        return _payload(*await attempt(info, Role.MEMBER, work))


def _payload(result: ImportResult | None, refused: list[UserError]) -> ImportContactsPayload:
    return ImportContactsPayload(
        created=result.created if result else 0,
        updated=result.updated if result else 0,
        skipped=result.skipped if result else 0,
        failed=failures(result.failed if result else ()),
        user_errors=refused,
    )


def failures(found: Iterable[Failure]) -> list[ImportFailure]:
    """Return the lines that were refused, as a client reads them."""
    return [
        ImportFailure(line=each.line, column=each.column, value=each.value, reason=each.reason)
        for each in found
    ]
