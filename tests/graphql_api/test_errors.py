"""What is wrong with a request is told; what is wrong with us is not."""

from graphql import GraphQLError
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from graphql_api import limits
from graphql_api.errors import is_unexpected, log_unexpected, presentable, user_error
from runtime.errors import Conflict, Forbidden, Refused, Reject


def wrapped(cause: Exception) -> GraphQLError:
    return GraphQLError(str(cause), original_error=cause)


def test_a_fault_of_ours_shows_its_reference_and_nothing_else() -> None:
    fault = wrapped(RuntimeError("password=hunter2"))
    with bound_contextvars(correlation_id="abc"):
        shown = presentable(fault)
    assert is_unexpected(fault)
    assert shown.extensions == {"code": "INTERNAL", "correlationId": "abc"}
    assert "hunter2" not in str(shown.formatted)


def test_a_fault_wrapped_twice_is_still_ours() -> None:
    assert "secret" not in presentable(wrapped(wrapped(ValueError("secret")))).message


def test_a_refusal_of_a_role_says_so() -> None:
    shown = presentable(wrapped(Forbidden()))
    assert not is_unexpected(wrapped(Forbidden()))
    assert shown.extensions == {"code": "FORBIDDEN"}
    assert shown.message == "Your role does not allow this."


def test_a_fault_of_the_request_is_told_within_bounds() -> None:
    assert presentable(GraphQLError("Unknown field.")).message == "Unknown field."
    assert len(presentable(GraphQLError("x" * 9_000)).message) == limits.ERROR_CHARS + 1


def test_a_user_error_points_at_its_input() -> None:
    error = user_error(Refused("Too long.", code="TOO_LONG", field="follow_up.waits.0"))
    assert (error.code, error.path) == ("TOO_LONG", ["input", "followUp", "waits", "0"])
    assert user_error(Conflict(field="idempotency_key")).path == ["input", "idempotencyKey"]
    assert user_error(Reject()).path is None


def test_the_log_gets_what_the_caller_does_not() -> None:
    with capture_logs() as lines:
        log_unexpected([wrapped(Forbidden()), GraphQLError("theirs"), wrapped(KeyError("ours"))])
    assert [repr(line["exc_info"]) for line in lines] == ["KeyError('ours')"]
