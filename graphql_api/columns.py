"""Columns: how a file of contacts would be read, told from its first lines.

So that somebody can say which column is which before the file is sent, and see it as the
import will: what parts its cells, where its titles are, what each is taken for.
"""

from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.scalars import JSON
from graphql_api.sdl import field, output
from graphql_api.types.enums import Role
from runtime.crm.contact_csv import Head, head
from runtime.errors import Refused


@output
class ContactColumn:
    """A column's title, and what it is taken for (email, name, ...); null: it is left out."""

    title: str
    field: str | None


@output
class ContactColumns:
    """What parts the cells, how many lines come before the titles, and the columns in order.

    delimiter is null when there are no titles.  userErrors: why no contact can be made of these
    columns, with the way out.
    """

    delimiter: str | None
    skipped_lines: int
    columns: list[ContactColumn]
    user_errors: list[UserError]


@output
class ColumnQueries:
    """What can be asked of a file before it is imported."""

    @field
    async def contact_columns(
        self, info: Info, csv: str, mapping: JSON | None = None
    ) -> ContactColumns:
        """Say how importContacts would take a file's columns; its first lines are enough."""
        info.context.caller.must_be(Role.MEMBER)
        found: Head | None = None
        refused: list[UserError] = []
        try:
            found = head(csv, mapping)
            found.columns.refuse_what_lacks()
        except Refused as refusal:
            refused = [user_error(refusal)]
        return ContactColumns(
            delimiter=found.delimiter if found else None,
            skipped_lines=found.start if found else 0,
            columns=_columns(found) if found else [],
            user_errors=refused,
        )


def _columns(found: Head) -> list[ContactColumn]:
    pairs = zip(found.columns.titles, found.columns.fields, strict=True)
    return [ContactColumn(title=title, field=field) for title, field in pairs]
