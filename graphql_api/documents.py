"""Documents: from a query's text to something safe to run.

Parsed and validated once for each text, the latest few hundred kept; guarded each
time, for the variables size it.  The guard stands before validation, whose cost is
not linear in a hostile document.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    MaxIntrospectionDepthRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.types.execution import ParseOptions
from strawberry.types.graphql import OperationType

from graphql_api import guard, limits
from graphql_api.errors import BadInput

_PARSE = {
    "max_lexical_tokens": limits.TOKENS,
    "max_comments": limits.COMMENTS,
    "max_source_length": limits.QUERY_CHARS,
}
_RULES = (*specified_rules, MaxIntrospectionDepthRule, MaybeNullValidationRule)


@lru_cache(maxsize=256)
def _parsed(text: str) -> DocumentNode:
    return parse(text, **cast("dict[str, Any]", _PARSE))


@lru_cache(maxsize=256)
def _faults(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
    return validate(schema, _parsed(text), _RULES, max_errors=limits.ERRORS)


class Documents(SchemaExtension):
    """Parses, guards and validates in place of Strawberry's own steps."""

    def on_parse(self) -> Iterator[None]:
        """Give the operation its document.

        A text that does not parse is left to Strawberry's own try, under the same limits:
        an error raised here would end a socket's task instead of its operation.
        """
        context = self.execution_context
        context.parse_options.update(cast("ParseOptions", _PARSE))
        with suppress(GraphQLError):
            context.graphql_document = _parsed(context.query) if context.query else None
        yield

    def on_validate(self) -> Iterator[None]:
        """Refuse what is too much, then what is wrong."""
        context = self.execution_context
        if context.graphql_document is not None and context.query is not None:
            schema = context.schema._schema  # noqa: SLF001 - the one name Strawberry has for it
            context.pre_execution_errors = (
                guard.refusals(schema, context.graphql_document, context.variables)
                or _faults(schema, context.query)
                or list(self._undecided(context.graphql_document))
                or list(self._unsearchable(context.query))
            )
        yield

    def _undecided(self, document: DocumentNode) -> Iterator[GraphQLError]:
        """Yield the refusal of several operations when nobody said which of them to run.

        Strawberry would run the first, which may be the mutation that was not meant.
        """
        named = self.execution_context._provided_operation_name  # noqa: SLF001 - the public name is filled with the first
        operations = [
            node for node in document.definitions if isinstance(node, OperationDefinitionNode)
        ]
        if named is None and len(operations) > 1:
            text = f"The document has {len(operations)} operations: say which with operationName."
            yield GraphQLError(text, operations)

    def _unsearchable(self, text: str) -> Iterator[GraphQLError]:
        """Yield the refusal of a character that PostgreSQL takes in no text.

        A mutation names the field that holds it, in a user error of its own.
        """
        context = self.execution_context
        if context.operation_type is OperationType.MUTATION:
            return
        if "\\u0000" in text or "\\u{0" in text or _holds_nul(context.variables):
            yield BadInput("A text holds a NUL character.", "input")


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_holds_nul(each) for each in value)
