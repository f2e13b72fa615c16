"""Schema: what may be asked, put together.

``python -m graphql_api.schema`` writes it to ``schema.graphql`` beside this file, where
clients and reviewers read it; a test holds the two equal.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError, lexicographic_sort_schema, print_schema
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from graphql_api.documents import Documents
from graphql_api.errors import Presentable, log_unexpected
from graphql_api.metrics import Measured
from graphql_api.mutations import Mutation
from graphql_api.queries import Query
from graphql_api.scalars import SCALARS
from graphql_api.subscriptions import Subscription
from graphql_api.types.node import NODES

FILE = Path(__file__).with_name("schema.graphql")


class Fresh(SchemaExtension):
    """Gives each operation a context of its own: a socket's operations share no rows."""

    def on_operation(self) -> Iterator[None]:
        """Begin with nothing loaded."""
        if self.execution_context.context is not None:
            self.execution_context.context = self.execution_context.context.fresh()
        yield


class Schema(strawberry.Schema):
    """Strawberry's schema; what went wrong inside goes to our log, not to its own."""

    async def execute(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Run a query or a mutation; a subscription has many answers, and is for ``stream``."""
        allowed = kwargs.pop("allowed_operation_types", None) or set(OperationType)
        kwargs["allowed_operation_types"] = set(allowed) - {OperationType.SUBSCRIPTION}
        return await super().execute(*args, **kwargs)

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - Strawberry's signature
    ) -> None:
        """Log faults of ours; those of a request are its caller's to read."""
        log_unexpected(errors)


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=NODES,
    extensions=[Measured, Presentable, Fresh, Documents],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)


def text() -> str:
    """Return the schema as clients read it, sorted, so that a difference is a change.

    Only the text is sorted: Strawberry's own sorted schema hands resolvers the values of
    enumerations instead of their members.
    """
    sorted_ = lexicographic_sort_schema(schema._schema)  # noqa: SLF001 - the one name Strawberry has for it
    return f"{print_schema(sorted_)}\n"


def main() -> None:
    """Write the schema where clients read it."""
    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
