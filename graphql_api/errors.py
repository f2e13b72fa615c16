"""Errors, as they look from outside.

What a person can do something about is told in words, with a code; everything else
is our fault and leaves one sentence and the id under which the log has the rest.
In a mutation's payload an expected refusal is a ``UserError`` with the path of its
input; in ``errors`` stand bugs, and callers who may not.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext, StreamExecutionResult
from strawberry.utils.str_converters import to_camel_case
from structlog.contextvars import get_contextvars

from graphql_api import limits
from graphql_api.sdl import output
from runtime.errors import RapportError, Refused
from runtime.logs import get_logger

log = get_logger(__name__)


class BadInput(GraphQLError):
    """An argument of a query makes no sense; the message names it."""

    def __init__(self, message: str, argument: str) -> None:
        super().__init__(
            f"{argument}: {message}", extensions={"code": "BAD_INPUT", "argument": argument}
        )


@output
class UserError:
    """An expected refusal: what it is about, and the way out."""

    code: str
    message: str
    path: list[str] | None


def user_error(error: RapportError) -> UserError:
    """Return a refusal as a client reads it; its field becomes ``["input", …]``."""
    field = error.field if isinstance(error, Refused) else ""
    path = ["input", *(to_camel_case(part) for part in field.split("."))] if field else None
    return UserError(code=error.reason_code, message=error.message, path=path)


def presentable(error: GraphQLError) -> GraphQLError:
    """Return the error as a stranger may see it: bounded, coded, and nothing from inside."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return _told(error, error.message, error.extensions or {"code": "BAD_REQUEST"})
    if isinstance(cause, RapportError):
        return _told(error, cause.message, {"code": cause.reason_code})
    reference = str(get_contextvars().get("correlation_id", ""))
    message = f"Something went wrong on our side. The log has it under {reference or 'this time'}."
    return _told(error, message, {"code": "INTERNAL", "correlationId": reference})


def _told(error: GraphQLError, message: str, extensions: Mapping[str, Any]) -> GraphQLError:
    if len(message) > limits.ERROR_CHARS:
        message = message[: limits.ERROR_CHARS] + "…"
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=dict(extensions),
    )


def is_unexpected(error: GraphQLError) -> bool:
    """Say whether an error is a fault of ours rather than of the request."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause is not None and not isinstance(cause, RapportError)


def log_unexpected(errors: Sequence[GraphQLError]) -> None:
    """Write each fault of ours to the log, with its traceback and the request's ids."""
    for error in errors:
        if is_unexpected(error):
            log.error(
                "graphql.resolver_failed",
                path=".".join(map(str, error.path or ())),
                exc_info=error.original_error,
            )


class Presentable(SchemaExtension):
    """Lets only presentable errors out, in answers and in each frame of a stream."""

    def __init__(self, *, execution_context: ExecutionContext | None = None) -> None:
        super().__init__(execution_context=execution_context)
        self._streamed = False

    def on_operation(self) -> Iterator[None]:
        """Present the errors of an answer."""
        yield
        # A stream's frames were each presented as they left.
        if not self._streamed:
            _present(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Present the errors of one frame."""
        self._streamed = True
        _present(result)
        yield


def _present(result: Any) -> None:
    # The result is Strawberry's or graphql-core's own; both keep their errors under this name.
    errors: list[GraphQLError] | None = getattr(result, "errors", None)
    if errors:
        result.errors = [presentable(error) for error in errors[: limits.ERRORS]]
