"""Imports: a file of contacts, as people export them."""

import base64
import binascii
from functools import partial

from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.mutations.perform import attempt
from graphql_api.scalars import JSON
from graphql_api.sdl import entry, field, output
from graphql_api.types.enums import OnDuplicate, Role
from runtime.crm.contact_csv import ContactSheet, read
from runtime.crm.contact_import import ImportResult, import_sheet
from runtime.errors import Refused


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
        if (self.csv is None) == (self.base64 is None):
            raise Refused("Send the file as csv or as base64, one of the two.", field="csv")
        if not isinstance(self.mapping, dict | None):
            text = "The mapping is an object: column title to field."
            raise Refused(text, code="MALFORMED", field="mapping")
        try:
            return read(self._data(), self.mapping)
        except Refused as refused:
            if refused.field == "csv" and self.base64 is not None:
                refused.field = "base64"
            raise

    def _data(self) -> str | bytes:
        if self.base64 is None:
            return self.csv or ""
        try:
            return base64.b64decode(self.base64, validate=True)
        except (binascii.Error, ValueError):
            text = "This is not base64."
            raise Refused(text, code="MALFORMED", field="base64") from None


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
    failed = [
        ImportFailure(line=each.line, column=each.column, value=each.value, reason=each.reason)
        for each in (result.failed if result else ())
    ]
    return ImportContactsPayload(
        created=result.created if result else 0,
        updated=result.updated if result else 0,
        skipped=result.skipped if result else 0,
        failed=failed,
        user_errors=refused,
    )
