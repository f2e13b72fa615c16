"""Mail that comes back for a reason that may pass, or is late: wait, and see whether it does."""

import itertools
from typing import Any

import pytest

from runtime.desk import suppressions, why_not, workspaces
from runtime.mail import delivery, reports, soft
from runtime.models import Contact, ContactStatus, DeliveryStatus, SentEmail, Suppression
from tests.fakes import FakeResend
from tests.fakes.webhooks import body, bounce
from tests.house import House
from tests.runtime.conftest import Build

_numbers = itertools.count(1)


@pytest.fixture
def real(build: Build) -> House:
    house = build()
    house.follow_up_settings(waits=["P1D"], businessDaysOnly=False)
    return house


def tell(house: House, mail: SentEmail, type_: str, **data: Any) -> None:
    raw = body(house.fresh(mail), type_, at=house.clock.now, **data)
    told, svix_id = reports.read(raw), f"msg_{next(_numbers)}"
    assert house.db.run(house.workspace_id, lambda tx: delivery.take(tx, svix_id, told))


def transient(sub_type: str = "General") -> dict[str, Any]:
    told = bounce("Transient")
    told["bounce"]["subType"] = sub_type
    return told


def mails_to_one(house: House, count: int) -> list[SentEmail]:
    house.follow_up_settings(waits=[])
    house.run(workspaces.update, settings={"contactGapDays": 0})
    contact = house.a_contact()
    return [house.sent(house.a_sent_task(contact=contact))[0] for _ in range(count)]


@pytest.mark.parametrize("kind", ["email.bounced", "email.delivery_delayed"])
def test_no_new_step_leaves_until_the_late_mail_arrives(
    real: House, resend: FakeResend, kind: str
) -> None:
    task = real.a_sent_task()
    [mail] = real.sent(task)
    tell(real, mail, kind, **(transient() if kind == "email.bounced" else {}))
    real.wait(days=2)
    assert len(resend.requests) == 1
    [step] = real.follow_ups(task)
    with real.tx() as tx:
        [reason] = why_not.about_follow_up(tx, step.id, settings=real.settings)
    assert reason.rule == "mail_before"

    tell(real, mail, "email.delivered")
    real.settle()

    assert len(resend.requests) == 2


def test_after_72_hours_nobody_waits_for_it_any_more(real: House, resend: FakeResend) -> None:
    [mail] = real.sent(real.a_sent_task())
    tell(real, mail, "email.delivery_delayed")

    real.wait(hours=71)
    assert len(resend.requests) == 1
    real.wait(hours=2)

    assert len(resend.requests) == 2


def test_three_of_the_last_five_that_came_back_end_it_until_a_person_takes_it_off(
    real: House,
) -> None:
    mails = mails_to_one(real, 5)
    for mail in mails[1:3]:
        tell(real, mail, "email.bounced", **transient())
    assert real.all(Suppression) == []

    tell(real, mails[4], "email.delivery_delayed", **bounce("Undetermined"))

    [entry] = real.all(Suppression)
    [contact] = real.all(Contact)
    assert (entry.source, contact.status) == ("bounce:soft", ContactStatus.BOUNCED)
    assert {real.fresh(mail).status for mail in mails[1:3]} == {DeliveryStatus.DELAYED}
    real.run(suppressions.remove, suppression_id=entry.id, reason="They made room.")
    assert real.fresh(contact).status is ContactStatus.ACTIVE


def test_what_arrived_after_all_does_not_count(real: House) -> None:
    mails = mails_to_one(real, 4)
    for mail in mails[:2]:
        tell(real, mail, "email.bounced", **transient())
        tell(real, mail, "email.delivered")
    for mail in mails[2:]:
        tell(real, mail, "email.bounced", **transient())

    assert real.all(Suppression) == []


def test_what_is_only_late_does_not_count(real: House) -> None:
    for mail in mails_to_one(real, 4):
        tell(real, mail, "email.delivery_delayed")

    assert real.all(Suppression) == []


@pytest.mark.parametrize("kind", ["Transient", "Permanent"])
@pytest.mark.parametrize(
    "sub_type", ["MessageTooLarge", "ContentRejected", "AttachmentRejected", "message_too_large"]
)
def test_a_bounce_about_the_content_says_nothing_about_its_reader(kind: str, sub_type: str) -> None:
    told = reports.read(
        b'{"type":"email.bounced","data":{"bounce":{"type":"%s","subType":"%s"}}}'
        % (kind.encode(), sub_type.encode())
    )

    assert delivery._meaning(told) is DeliveryStatus.DELAYED
    assert not soft.is_soft(told)


@pytest.mark.parametrize("code", ["452 4.2.2 full", ["452 4.2.2 full"], ["452 4.2.2 full", 7]])
def test_what_the_mail_server_said_is_told_whether_it_is_a_text_or_a_list(code: Any) -> None:
    told = bounce("Transient")
    told["bounce"]["diagnosticCode"] = code

    assert reports._detail(told) == "The mailbox does not take it.; 452 4.2.2 full"


def test_three_large_mails_suppress_nobody(real: House) -> None:
    for mail in mails_to_one(real, 3):
        tell(real, mail, "email.bounced", **transient("MessageTooLarge"))

    assert real.all(Suppression) == []
