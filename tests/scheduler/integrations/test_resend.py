"""Resend in trouble: each of its answers means one next step."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
import resend

from runtime.clock import FakeClock
from runtime.errors import RapportError, Reject, Retry, Unknown
from runtime.settings import load
from scheduler.integrations.resend import ResendMailer
from tests.fakes import FakeResend
from tests.fakes.server import Reply
from tests.scheduler.integrations.letters import RESEND_KEY, mail, resend_settings


@pytest.fixture
def fake() -> Iterator[FakeResend]:
    with FakeResend() as server:
        yield server


@pytest.fixture
def sender(fake: FakeResend) -> ResendMailer:
    return ResendMailer(resend_settings(fake), deadline=5.0)


def _trouble(sender: ResendMailer, **changes: Any) -> RapportError:
    with pytest.raises(RapportError) as caught:
        sender.send(mail(**changes))
    return caught.value


def test_the_key_of_the_mail_travels_in_the_header_and_the_key_of_the_house_in_another(
    fake: FakeResend, sender: ResendMailer
) -> None:
    sender.send(mail())

    (request,) = fake.requests
    assert request.headers["idempotency-key"] == "email:1"
    assert request.headers["authorization"] == f"Bearer {RESEND_KEY}"
    assert request.body["tags"] == [{"name": "task", "value": "T-1"}]


def test_a_retry_is_the_same_content_whatever_order_its_parts_were_kept_in(
    fake: FakeResend, sender: ResendMailer
) -> None:
    """JSONB gives a mail's tags back in an order of its own."""
    first = sender.send(mail(tags={"workspace": "W-1", "task": "T-1", "draft": "D-1"}))
    again = sender.send(mail(tags={"task": "T-1", "draft": "D-1", "workspace": "W-1"}))

    assert again == first
    assert len(fake.accepted) == 1


@pytest.mark.parametrize(
    ("fault", "code", "after"),
    [
        ("429:7", "MAIL_RATE_LIMITED", 7),
        ("429", "MAIL_RATE_LIMITED", 1),
    ],
)
def test_too_many_mails_wait_as_long_as_resend_says(
    fake: FakeResend, sender: ResendMailer, fault: str, code: str, after: float
) -> None:
    fake.fail_next(fault)

    error = _trouble(sender)

    assert isinstance(error, Retry)
    assert (error.reason_code, error.after) == (code, after)
    assert fake.accepted == []


@pytest.mark.parametrize(
    ("fault", "code"), [("daily", "MAIL_DAILY_QUOTA"), ("monthly", "MAIL_MONTHLY_QUOTA")]
)
def test_a_quota_lasts_until_the_next_day_whatever_the_second_says(
    fake: FakeResend, sender: ResendMailer, fake_clock: FakeClock, fault: str, code: str
) -> None:
    fake.said_always = {"ratelimit-limit": "2", "ratelimit-remaining": "1", "ratelimit-reset": "1"}
    fake.fail_next(fault)

    error = _trouble(sender)

    assert isinstance(error, Retry)
    assert (error.reason_code, error.after) == (code, 15 * 3600)


def test_a_quota_that_says_when_it_ends_is_believed(fake: FakeResend, sender: ResendMailer) -> None:
    fake.said_always = {"retry-after": "7200"}
    fake.fail_next("daily")

    assert getattr(_trouble(sender), "after", None) == 7200


def test_a_used_up_second_makes_the_next_mail_wait_for_its_end(
    fake: FakeResend, sender: ResendMailer, fake_clock: FakeClock
) -> None:
    fake.said_always = {"ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": "9"}
    sender.send(mail())

    error = _trouble(sender, idempotency_key="email:2")

    assert (error.reason_code, len(fake.requests)) == ("MAIL_RATE_LIMITED", 1)
    fake_clock.advance(9)
    sender.send(mail(idempotency_key="email:2"))
    assert len(fake.accepted) == 2


@pytest.mark.parametrize("fault", ["500", "502", "503", "html:502", "html:200", "408"])
def test_a_failing_resend_leaves_the_outcome_unknown(
    fake: FakeResend, sender: ResendMailer, fault: str
) -> None:
    fake.fail_next(fault)

    assert isinstance(_trouble(sender), Unknown)


@pytest.mark.parametrize("fault", ["drop", "broken", "no_id"])
def test_a_lost_answer_is_unknown_and_the_same_key_finds_the_mail_that_left(
    fake: FakeResend, sender: ResendMailer, fault: str
) -> None:
    fake.fail_next(fault)

    assert isinstance(_trouble(sender), Unknown)

    assert sender.send(mail()).provider_message_id == fake.accepted[0]["id"]
    assert len(fake.accepted) == 1


def test_a_connection_lost_before_acceptance_is_unknown_too_as_nobody_can_tell(
    fake: FakeResend, sender: ResendMailer
) -> None:
    fake.fail_next("reset")

    assert isinstance(_trouble(sender), Unknown)
    assert fake.accepted == []


def test_a_resend_that_never_answers_costs_the_deadline_and_no_more(fake: FakeResend) -> None:
    fake.fail_next("hang")

    assert isinstance(_trouble(ResendMailer(resend_settings(fake), deadline=0.2)), Unknown)
    assert len(fake.accepted) == 1


def test_an_answer_that_drips_is_cut_at_the_deadline() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        stop = threading.Event()
        dripping = threading.Thread(target=_drip, args=(listener, stop))
        dripping.start()
        settings = load(
            resend_api_key=RESEND_KEY,
            resend_api_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
        )
        try:
            assert isinstance(_trouble(ResendMailer(settings, deadline=0.5)), Unknown)
        finally:
            stop.set()
            dripping.join()


def _drip(listener: socket.socket, stop: threading.Event) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stop.wait(0.02):
            try:
                connection.sendall(b" ")
            except OSError:
                return


def test_a_resend_nobody_can_reach_got_no_mail(fake: FakeResend) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
    for url in (nowhere, "http://no-such-host.invalid"):
        error = _trouble(ResendMailer(load(resend_api_key=RESEND_KEY, resend_api_url=url)))

        assert isinstance(error, Retry)
        assert error.reason_code == "MAIL_UNREACHABLE"


def test_a_first_try_still_running_is_unknown_not_failed(
    fake: FakeResend, sender: ResendMailer
) -> None:
    fake.fail_next("concurrent")

    error = _trouble(sender)

    assert isinstance(error, Unknown)
    assert (error.reason_code, error.after) == ("MAIL_IN_PROGRESS", 1)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("conflict", "IDEMPOTENCY_KEY_REUSED"),
        ("key", "MAIL_KEY_INVALID"),
        ("restricted", "MAIL_KEY_RESTRICTED"),
        ("domain", "MAIL_DOMAIN_UNVERIFIED"),
        ("testing", "MAIL_DOMAIN_UNVERIFIED"),
        ("from", "MAIL_FROM_INVALID"),
        ("recipient", "MAIL_REFUSED"),
        ("security", "MAIL_REFUSED_FOR_SECURITY"),
        ("401", "MAIL_KEY_INVALID"),
        ("404", "MAIL_API_NOT_FOUND"),
        ("413", "MAIL_REFUSED"),
        ("422", "MAIL_REFUSED"),
    ],
)
def test_a_no_that_stays_a_no_says_what_to_do_and_whose_mail_it_was_to_nobody(
    fake: FakeResend, sender: ResendMailer, fault: str, code: str
) -> None:
    fake.fail_next(fault)

    error = _trouble(sender)

    assert isinstance(error, Reject)
    assert error.reason_code == code
    assert "@mail.test" not in error.message
    assert fake.accepted == []


def test_the_field_at_fault_is_named(fake: FakeResend, sender: ResendMailer) -> None:
    fake.fail_next("recipient")

    assert "because of its 'to'" in _trouble(sender).message


@pytest.mark.parametrize("key", ["", "   ", "re_with\nbreak", "re_schlüssel"])
def test_a_key_that_cannot_be_one_is_refused_without_a_call(fake: FakeResend, key: str) -> None:
    error = _trouble(ResendMailer(load(resend_api_key=key or " ", resend_api_url=fake.url)))

    assert error.reason_code == "MAIL_KEY_INVALID"
    assert fake.requests == []


@pytest.mark.parametrize(
    "fault", ["429", "500", "drop", "broken", "conflict", "key", "domain", "recipient", "404"]
)
def test_no_error_shows_the_key_or_the_recipient(
    fake: FakeResend, sender: ResendMailer, fault: str
) -> None:
    fake.fail_next(fault)

    error = _trouble(sender)

    shown = f"{error!r} {error} {error.__cause__!r} {error.message}"
    assert RESEND_KEY not in shown
    assert "ada@engines.test" not in shown


def test_two_keys_and_two_addresses_do_not_mix_between_threads(fake: FakeResend) -> None:
    with FakeResend() as other:
        senders = [
            ResendMailer(load(resend_api_key="re_first", resend_api_url=fake.url)),
            ResendMailer(load(resend_api_key="re_second", resend_api_url=other.url)),
        ]
        with ThreadPoolExecutor(20) as threads:
            for n in range(100):
                threads.submit(senders[n % 2].send, mail(idempotency_key=f"email:{n}"))

        assert {each.headers["authorization"] for each in fake.requests} == {"Bearer re_first"}
        assert {each.headers["authorization"] for each in other.requests} == {"Bearer re_second"}
        assert (len(fake.accepted), len(other.accepted)) == (50, 50)


def test_a_netrc_entry_or_another_user_of_the_sdk_does_not_change_the_key(
    fake: FakeResend,
    sender: ResendMailer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setattr(resend, "default_http_client", resend.RequestsClient())
    monkeypatch.setattr(resend, "api_key", "re_somebody_else")
    monkeypatch.setattr(resend, "api_url", "http://elsewhere.invalid")

    sender.send(mail())

    assert fake.requests[0].headers["authorization"] == f"Bearer {RESEND_KEY}"


@pytest.mark.parametrize(
    "body",
    [None, [], 7, {"id": 7}, {"id": ""}, {"statusCode": {}, "name": {}}],
    ids=json.dumps,
)
def test_an_answer_of_an_odd_shape_is_an_unknown_outcome(
    sender: ResendMailer, monkeypatch: pytest.MonkeyPatch, fake: FakeResend, body: Any
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: Reply(200, body))

    assert isinstance(_trouble(sender), Unknown)


def test_a_redirect_is_not_followed_as_the_key_would_travel_along(
    sender: ResendMailer, monkeypatch: pytest.MonkeyPatch, fake: FakeResend
) -> None:
    with FakeResend() as other:
        elsewhere = Reply(307, {}, {"Location": f"{other.url}/emails"})
        monkeypatch.setattr(fake, "answer", lambda *_: elsewhere)

        assert isinstance(_trouble(sender), Unknown)
        assert other.requests == []


def _unnamed(sender: ResendMailer, known_as: str) -> RapportError:
    with pytest.raises(RapportError) as caught:
        sender.message_id(known_as)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "code", "after"),
    [
        ("unnamed", "MAIL_NOT_NAMED_YET", None),
        ("429:7", "MAIL_RATE_LIMITED", 7),
        ("500", "MAIL_LOOKUP_FAILED", None),
        ("html:502", "MAIL_LOOKUP_FAILED", None),
        ("drop", "MAIL_LOOKUP_FAILED", None),
        ("reset", "MAIL_LOOKUP_FAILED", None),
    ],
)
def test_a_mail_that_cannot_be_named_just_now_is_asked_for_later(
    fake: FakeResend, sender: ResendMailer, fault: str, code: str, after: float | None
) -> None:
    """Nothing leaves by a question, so that no outcome of it is unknown."""
    known_as = sender.send(mail()).provider_message_id
    fake.fail_looks(fault)

    error = _unnamed(sender, known_as)

    assert isinstance(error, Retry)
    assert (error.reason_code, error.after) == (code, after)
    later = ResendMailer(resend_settings(fake))  # to whom nobody said to wait
    assert later.message_id(known_as) == f"<{known_as}@mail.test>"
    assert len(fake.accepted) == 1


def test_a_key_that_may_only_send_is_told_from_a_mail_that_is_not_there(
    fake: FakeResend, sender: ResendMailer
) -> None:
    known_as = sender.send(mail()).provider_message_id
    fake.fail_looks("restricted", "404")

    assert _unnamed(sender, known_as).reason_code == "MAIL_KEY_RESTRICTED"
    assert sender.message_id(known_as) is None


def test_a_question_costs_its_deadline_and_no_more(fake: FakeResend) -> None:
    sender = ResendMailer(resend_settings(fake), deadline=0.2)
    fake.fail_looks("hang")

    assert isinstance(_unnamed(sender, "any"), Retry)


@pytest.mark.parametrize(
    "odd", [None, [], 7, {"message_id": 7}, {"message_id": ""}], ids=json.dumps
)
def test_an_odd_answer_about_a_mail_is_no_name(
    sender: ResendMailer, monkeypatch: pytest.MonkeyPatch, fake: FakeResend, odd: Any
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: Reply(200, odd))

    assert isinstance(_unnamed(sender, "any"), Retry)


def test_the_key_of_a_mail_is_an_option_as_the_sdk_would_drop_it_elsewhere() -> None:
    """A published example passes it as a parameter of its own, which is an error."""
    with pytest.raises(TypeError):
        resend.Emails.send({}, idempotency_key="email:1")  # type: ignore[typeddict-item, call-arg]
