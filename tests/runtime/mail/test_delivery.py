"""What the provider tells of a mail: late, twice, in any order, and once in effect."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from runtime.crm import suppression
from runtime.crm.enrolment import IfEnrolled
from runtime.desk import contacts, drafts, escalations, tasks
from runtime.desk.escalations import EscalationAction
from runtime.errors import Conflict, Refused, Unknown
from runtime.mail import delivery, reports
from runtime.mail.reports import MalformedReport
from runtime.models import (
    OPEN_FOLLOW_UP,
    Contact,
    ContactStatus,
    DeliveryStatus,
    Escalation,
    EscalationKind,
    FollowUpStatus,
    Report,
    SentEmail,
    Suppression,
    Task,
    TaskStatus,
)
from scheduler.integrations import Accepted, Mail
from tests.fakes import FakeResend
from tests.fakes.mailers import Around, Unlisted
from tests.fakes.webhooks import body, bounce
from tests.house import House

_numbers = itertools.count(1)

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "sent": ("email.sent", {}),
    "opened": ("email.opened", {}),
    "delayed": ("email.delivery_delayed", {}),
    "soft": ("email.bounced", bounce("Transient")),
    "undetermined": ("email.bounced", bounce("Undetermined")),
    "delivered": ("email.delivered", {}),
    "failed": ("email.failed", {"failed": {"reason": "domain_suspended"}}),
    "hard": ("email.bounced", bounce("Permanent")),
    "suppressed": ("email.suppressed", {"suppressed": {"type": "OnAccountSuppressionList"}}),
    "complained": ("email.complained", {}),
    "unheard of": ("email.pondered", {}),
}


def tell(house: House, mail: SentEmail, kind: str, *, id_: str | None = None, **data: Any) -> bool:
    """Let the provider report on a mail."""
    type_, more = KINDS[kind]
    raw = body(house.fresh(mail), type_, at=house.clock.now, **(more | data))
    return take(house, raw, id_=id_)


def take(house: House, raw: bytes, *, id_: str | None = None) -> bool:
    """Hand a body to a workspace; return whether it knows the mail."""
    told, svix_id = reports.read(raw), id_ or f"msg_{next(_numbers)}"
    return house.db.run(house.workspace_id, lambda tx: delivery.take(tx, svix_id, told))


def doubtful(house: House, resend: FakeResend) -> Task:
    """Return a task whose mail left, but nobody knows: every answer was lost."""
    house.outreach_settings(maxAttempts=2)
    task = house.a_drafted_task()
    house.approve(task)
    resend.listing = "restricted"
    resend.fail_next("drop", "drop")
    house.wait(minutes=10)
    return house.fresh(task)


def followed_up(house: House) -> tuple[Task, SentEmail]:
    """Return a task whose first mail is out and whose first follow-up is planned."""
    house.follow_up_settings(waits=["P1D", "P1D"], businessDaysOnly=False)
    task = house.a_sent_task()
    return task, house.sent(task)[0]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("sent", DeliveryStatus.SENT),
        ("opened", DeliveryStatus.SENT),
        ("delayed", DeliveryStatus.DELAYED),
        ("soft", DeliveryStatus.DELAYED),
        ("undetermined", DeliveryStatus.DELAYED),
        ("delivered", DeliveryStatus.DELIVERED),
        ("failed", DeliveryStatus.FAILED),
        ("hard", DeliveryStatus.BOUNCED),
        ("suppressed", DeliveryStatus.BOUNCED),
        ("complained", DeliveryStatus.COMPLAINED),
        ("unheard of", DeliveryStatus.SENT),
    ],
)
def test_each_report_is_kept_and_shows_on_the_mail(
    house: House, kind: str, status: DeliveryStatus
) -> None:
    task = house.a_sent_task()
    [mail] = house.sent(task)
    before = house.events("email.")

    assert tell(house, mail, kind)

    assert house.fresh(mail).status is status
    [report] = house.all(Report)
    assert (report.type, report.sent_email_id) == (KINDS[kind][0], mail.id)
    assert orjson.loads(report.body)["data"]["email_id"] == mail.provider_message_id
    new = [] if status is DeliveryStatus.SENT else [report.type]
    assert house.events("email.") == [*before, *new]


def test_a_report_that_comes_again_changes_nothing(house: House) -> None:
    _task, mail = followed_up(house)
    tell(house, mail, "hard", id_="msg_same")
    before = house.events()

    for kind in ("hard", "complained"):
        assert tell(house, mail, kind, id_="msg_same")

    assert house.events() == before
    assert len(house.all(Report)) == 1
    assert house.fresh(mail).status is DeliveryStatus.BOUNCED


def test_the_same_report_from_many_sides_at_once_counts_once(house: House) -> None:
    _task, mail = followed_up(house)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: tell(house, mail, "hard", id_="msg_same"), range(6)))

    assert house.events().count("email.bounced") == 1
    assert len(house.all(Report)) == 1


def test_many_reports_on_one_contact_at_once_do_not_lock_each_other_out(house: House) -> None:
    house.follow_up_settings(waits=[])  # so that one task may follow the other at once
    contact = house.a_contact()
    mails = [house.sent(house.a_sent_task(contact=contact))[0] for _ in range(3)]
    told = [(mail, kind) for mail in mails for kind in ("hard", "complained", "delivered")]

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(lambda each: tell(house, *each), told))

    assert {house.fresh(mail).status for mail in mails} == {DeliveryStatus.COMPLAINED}
    assert house.fresh(contact).status is ContactStatus.COMPLAINED


def end_of(house: House, task: Task) -> dict[str, Any]:
    """Return all that reports can change, as it is when everything has settled."""
    house.settle()
    mail = house.sent(task)[0]
    contact = house.fresh(house.all(Contact, Contact.id == task.contact_id)[0])
    where = Suppression.email == contact.email
    return {
        "mail": (mail.status, mail.delivered_at is not None),
        "task": house.fresh(task).status,
        "open": [s.status for s in house.follow_ups(task) if s.status in OPEN_FOLLOW_UP],
        "contact": contact.status,
        "suppressed": [row.source for row in house.all(Suppression, where)],
        "dead": len(house.dead_letters()),
        "asked": [e.kind for e in house.escalations() if e.task_id == task.id],
    }


# Each example plays whole stories in a real database: few of them, and none again to make
# the example smaller, as its orders are short enough to read.
FEW = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

POSSIBLE = st.lists(
    st.sampled_from(sorted(KINDS.keys() - {"failed"})), min_size=2, max_size=6, unique=True
) | st.permutations(["sent", "failed", "delayed", "unheard of"])


@FEW
@given(told=POSSIBLE, data=st.data())
def test_in_whatever_order_reports_come_the_end_is_the_same(
    house: House, told: list[str], data: st.DataObject
) -> None:
    house.follow_up_settings(waits=["P1D"], businessDaysOnly=False)
    orders = [told, data.draw(st.permutations(told + told[:1]))]
    ends = []
    for order in orders:
        task = house.a_drafted_task()
        house.approve(task)
        house.take_turns()
        house.make_calls()
        for kind in order:
            tell(house, house.sent(task)[0], kind)
            if data.draw(st.booleans()):
                house.settle()
        ends.append(end_of(house, task))

    assert ends[0] == ends[1]
    assert ends[0]["dead"] == 0


@FEW
@given(told=POSSIBLE.filter(lambda told: set(told) != {"unheard of"}), data=st.data())
def test_an_unknown_outcome_too_is_settled_the_same_in_every_order(
    house: House, told: list[str], data: st.DataObject
) -> None:
    house.follow_up_settings(waits=["P1D"], businessDaysOnly=False)
    house.outreach_settings(maxAttempts=1)
    house.mailer = Silent(house.mailer)
    ends = []
    for order in (told, data.draw(st.permutations(told))):
        task = house.a_sent_task()
        assert house.sent(task)[0].status is DeliveryStatus.UNKNOWN
        for kind in order:
            tell(house, house.sent(task)[0], kind)
            if data.draw(st.booleans()):
                house.settle()
        ends.append(end_of(house, task))

    assert ends[0] == ends[1]
    assert DeliveryStatus.UNKNOWN not in ends[0]["mail"]
    assert EscalationKind.OUTCOME_UNKNOWN not in ends[0]["asked"]


class Silent(Unlisted):
    """A transport that takes a mail and loses its own answer."""

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        raise Unknown

    def fetch(self, email_id: str) -> dict[str, str]:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("kind", "contact_is"),
    [
        ("hard", ContactStatus.BOUNCED),
        ("suppressed", ContactStatus.BOUNCED),
        ("complained", ContactStatus.COMPLAINED),
    ],
)
def test_who_cannot_or_does_not_want_to_be_reached_gets_nothing_more(
    real: House, resend: FakeResend, kind: str, contact_is: ContactStatus
) -> None:
    task, mail = followed_up(real)
    contact = real.all(Contact)[0]
    waiting = real.a_task(contact=contact, if_enrolled=IfEnrolled.QUEUE_AFTER)

    tell(real, mail, kind)
    real.wait(days=30)

    assert len(resend.requests) == 1
    assert real.fresh(contact).status is contact_is
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.CANCELLED]
    assert real.fresh(waiting).status is TaskStatus.CANCELLED
    assert real.fresh(task).status is TaskStatus.COMPLETED
    with real.tx() as tx:
        assert suppression.why(tx, contact.email)
    with pytest.raises(Refused):
        real.a_task(contact=contact)
    assert "contact.suppressed" in real.events()


@pytest.mark.parametrize("kind", ["soft", "undetermined", "delayed"])
def test_a_mail_that_is_late_suppresses_nobody(real: House, resend: FakeResend, kind: str) -> None:
    _task, mail = followed_up(real)

    tell(real, mail, kind)
    real.wait(days=1)
    tell(real, mail, "delivered")
    real.settle()

    assert real.all(Suppression) == []
    assert real.all(Contact)[0].status is ContactStatus.ACTIVE
    assert len(resend.requests) == 2


def test_a_complaint_is_the_graver_reason(house: House) -> None:
    _task, mail = followed_up(house)

    tell(house, mail, "hard")
    tell(house, mail, "complained")
    tell(house, mail, "hard")

    [row] = house.all(Suppression)
    assert row.source == "resend:complained"
    assert "spam" in row.reason


def test_what_a_person_said_about_a_contact_stays(house: House) -> None:
    task, mail = followed_up(house)
    house.run(contacts.suppress, contact_id=task.contact_id, reason="They called us.")

    tell(house, mail, "complained")

    assert house.all(Contact)[0].status is ContactStatus.DO_NOT_CONTACT
    assert house.all(Suppression)[0].reason == "They called us."


@pytest.mark.parametrize(
    ("kind", "status"),
    [("hard", ContactStatus.ACTIVE), ("complained", ContactStatus.COMPLAINED)],
)
def test_a_bounce_is_about_an_address_and_a_complaint_about_us(
    house: House, kind: str, status: ContactStatus
) -> None:
    _task, mail = followed_up(house)
    contact = house.all(Contact)[0]
    with house.tx() as tx:
        tx.get_one(Contact, (house.workspace_id, contact.id)).email = "new@example.org"

    tell(house, mail, kind)

    assert house.fresh(contact).status is status
    assert [row.email for row in house.all(Suppression)] == [mail.to]


@pytest.mark.parametrize("kind", ["sent", "opened", "delayed", "delivered"])
def test_a_report_settles_what_nobody_knew_and_the_story_goes_on(
    real: House, resend: FakeResend, kind: str
) -> None:
    real.follow_up_settings(waits=["PT2S", "P30D"])
    task = doubtful(real, resend)
    [mail], [asked] = real.sent(task), real.escalations()
    message_id = resend.accepted[0]["id"]

    for _ in range(3):
        tell(real, mail, kind, email_id=message_id)
    real.wait(hours=73)  # a mail that is late holds the next step for three days

    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.fresh(mail).provider_message_id == message_id
    settled = real.fresh(asked)
    assert (settled.resolved_by, settled.resolution) == ("resend", "SENT")
    assert real.events().count("escalation.resolved") == 1
    states = [s.status for s in real.follow_ups(task)]
    assert states == [FollowUpStatus.SENT, FollowUpStatus.SCHEDULED]
    assert len(resend.accepted) == 2
    with pytest.raises(Conflict):
        real.run(escalations.resolve, escalation_id=asked.id, action=EscalationAction.NOT_SENT)


def test_a_report_may_come_before_the_answer(real: House, resend: FakeResend) -> None:
    """The call is in doubt; it is not made again."""
    task = real.a_drafted_task()
    real.approve(task)
    resend.fail_next("drop")
    real.settle()
    [mail] = real.sent(task)
    assert mail.status is DeliveryStatus.SENDING

    tell(real, mail, "delivered", email_id=resend.accepted[0]["id"])
    real.wait(hours=1)

    assert len(resend.requests) == 1
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.fresh(mail).status is DeliveryStatus.DELIVERED
    assert real.all(Escalation) == []


class Overtaken(Around):
    """A transport whose webhook is quicker than its answer."""

    def __init__(self, house: House, *kinds: str) -> None:
        super().__init__(house.mailer)
        self._house, self._kinds = house, kinds

    def send(self, mail: Mail) -> Accepted:
        accepted = self.inside.send(mail)
        sent = self._house.all(SentEmail)[-1]
        for kind in self._kinds:
            tell(self._house, sent, kind, email_id=accepted.provider_message_id)
        return accepted


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (("sent", "delivered"), DeliveryStatus.DELIVERED),
        (("delivered", "sent"), DeliveryStatus.DELIVERED),
        (("hard",), DeliveryStatus.BOUNCED),
    ],
)
def test_a_report_that_is_quicker_than_the_answer_and_our_own_commit_counts_as_the_answer(
    real: House, resend: FakeResend, kinds: tuple[str, ...], status: DeliveryStatus
) -> None:
    task = real.a_drafted_task()
    real.mailer = Overtaken(real, *kinds)
    real.approve(task)

    real.settle()

    [mail] = real.sent(task)
    assert (mail.status, real.fresh(task).status) == (status, TaskStatus.COMPLETED)
    assert mail.provider_message_id == resend.accepted[0]["id"]
    assert len(resend.requests) == real.events().count("email.sent") == 1
    assert real.dead_letters() == []


def test_a_report_between_the_doubt_and_the_question_spares_the_question(
    real: House, resend: FakeResend
) -> None:
    real.outreach_settings(maxAttempts=1)
    task = real.a_drafted_task()
    real.approve(task)
    real.take_turns()
    resend.fail_next("drop")
    real.make_calls()
    [mail] = real.sent(task)
    assert mail.status is DeliveryStatus.UNKNOWN

    tell(real, mail, "sent", email_id=resend.accepted[0]["id"])
    real.settle()

    assert real.all(Escalation) == []
    assert real.fresh(task).status is TaskStatus.COMPLETED


def test_an_unknown_follow_up_is_settled_too(real: House, resend: FakeResend) -> None:
    real.follow_up_settings(waits=["PT2S", "PT2S"])
    task = real.a_sent_task()
    resend.listing = "restricted"
    resend.fail_next(*["drop"] * 6)
    real.wait(hours=2)
    [step] = real.follow_ups(task)
    assert step.status is FollowUpStatus.UNKNOWN
    mail = real.all(SentEmail, SentEmail.follow_up_id == step.id)[0]

    tell(real, mail, "delivered", email_id=resend.accepted[1]["id"])
    real.wait(hours=1)

    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.SENT] * 2
    assert EscalationKind.OUTCOME_UNKNOWN not in [e.kind for e in real.escalations()]


def test_the_provider_knows_better_than_who_thought_that_nothing_had_left(
    real: House, resend: FakeResend
) -> None:
    task = doubtful(real, resend)
    [escalation] = real.escalations()
    real.run(escalations.resolve, escalation_id=escalation.id, action=EscalationAction.NOT_SENT)
    real.run(tasks.retry, task_id=task.id)

    tell(real, real.sent(task)[0], "delivered", email_id=resend.accepted[0]["id"])
    real.wait(days=1)

    assert len(resend.requests) == 2
    assert len(resend.accepted) == 1
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert real.fresh(real.sent(task)[0]).status is DeliveryStatus.DELIVERED


def test_a_cancelled_task_stays_cancelled_whatever_is_reported(
    real: House, resend: FakeResend
) -> None:
    task = doubtful(real, resend)
    real.run(tasks.cancel, task_id=task.id)

    tell(real, real.sent(task)[0], "delivered")
    real.wait(days=3)

    assert real.fresh(task).status is TaskStatus.CANCELLED
    assert real.sent(task)[0].status is DeliveryStatus.DELIVERED
    assert real.escalations() == []


def test_a_mail_that_the_provider_gave_up_is_shown_and_only_another_text_goes_out(
    real: House, resend: FakeResend
) -> None:
    task, mail = followed_up(real)

    tell(real, mail, "failed")
    real.wait(days=10)

    failed = real.fresh(task)
    assert (failed.status, failed.error_code) == (TaskStatus.FAILED, "MAIL_GIVEN_UP")
    assert "domain_suspended" in (failed.error_message or "")
    assert [s.status for s in real.follow_ups(task)] == [FollowUpStatus.CANCELLED]
    assert [e.kind for e in real.escalations()] == [EscalationKind.AGENT_FAILED]
    assert real.all(Contact)[0].status is ContactStatus.ACTIVE

    real.run(tasks.retry, task_id=task.id)
    real.settle()
    assert real.fresh(task).error_code == "MAIL_GIVEN_UP"
    assert len(resend.requests) == 1

    real.run(drafts.edit, draft_id=real.draft(task).id, body="Once more, then.")
    real.approve(task)
    real.settle()
    assert real.fresh(task).status is TaskStatus.COMPLETED
    assert len({mail["idempotency_key"] for mail in resend.accepted}) == 2


def test_a_follow_up_that_the_provider_gave_up_ends_the_sequence(
    real: House, resend: FakeResend
) -> None:
    task, _first = followed_up(real)
    real.wait(days=1)
    step = real.follow_ups(task)[0]
    mail = real.all(SentEmail, SentEmail.follow_up_id == step.id)[0]

    tell(real, mail, "failed")
    real.wait(days=10)

    states = [s.status for s in real.follow_ups(task)]
    assert states == [FollowUpStatus.FAILED, FollowUpStatus.CANCELLED]
    assert len(resend.requests) == 2


def test_a_report_is_found_by_the_providers_id_where_it_has_no_tags(house: House) -> None:
    _task, mail = followed_up(house)

    assert tell(house, mail, "delivered", tags=None)

    assert house.fresh(mail).status is DeliveryStatus.DELIVERED


def test_a_report_on_another_mail_under_our_tags_changes_only_whom_we_may_write_to(
    house: House,
) -> None:
    _task, mail = followed_up(house)

    tell(house, mail, "delivered", email_id="another")
    assert house.fresh(mail).status is DeliveryStatus.SENT
    tell(house, mail, "hard", email_id="another")

    assert house.fresh(mail).status is DeliveryStatus.SENT
    assert house.all(Contact)[0].status is ContactStatus.BOUNCED


def test_no_workspace_takes_a_report_on_anothers_mail(house: House, other_house: House) -> None:
    task, mail = followed_up(house)
    told = body(mail, "email.bounced", at=house.clock.now, **bounce("Permanent"))
    lie = body(
        mail,
        "email.bounced",
        at=house.clock.now,
        message_id="unknown",
        tags={"workspace": str(other_house.workspace_id), "draft": str(mail.draft_id)},
    )

    assert [take(other_house, raw) for raw in (told, lie)] == [False, False]
    assert other_house.all(Report) == []
    assert house.all(Report) == []
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_the_time_of_delivery_is_the_providers_within_reason(house: House) -> None:
    _task, mail = followed_up(house)
    house.clock.advance(hours=2)
    now = house.clock.now
    for at in (now + timedelta(days=9), now - timedelta(hours=1), now):
        take(house, body(house.fresh(mail), "email.delivered", at=at))

    assert house.fresh(mail).delivered_at == now - timedelta(hours=1)


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b"null", b"{}", b'"x"', b'{"type": 7}', b'{"type": ""}'),
        *(b"\xff", b'{"type": "email.sent"', b'{"type": " \\u0000"}', b"[" * 5000),
    ],
)
def test_what_is_no_report_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedReport):
        reports.read(raw)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5) | st.just("\0"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "tags", "email_id", "bounce", "type", "created_at", "draft", "workspace"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(odd=ODD)
def test_a_report_of_any_shape_is_read_without_falling_over_it(odd: Any) -> None:
    told = reports.read(orjson.dumps({"type": "email.bounced", "data": odd, "created_at": odd}))

    assert told.type == "email.bounced"
    assert "\0" not in told.message_id + told.detail + told.bounce
