"""A mail in doubt is not tried by another carrier, to whom its key says nothing."""

from typing import Any

import pytest
from pydantic import SecretStr

from runtime.models import DeliveryStatus, EscalationKind
from scheduler import integrations
from tests.fakes import FakeResend
from tests.house import House


@pytest.fixture
def house(real: House) -> House:
    return real


@pytest.mark.parametrize(
    "change", [{"resend_api_key": SecretStr("re_test_key_2")}, {"resend_api_key": None}]
)
def test_a_mail_in_doubt_is_a_persons_question_once_its_carrier_changed(
    house: House, resend: FakeResend, change: dict[str, Any]
) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    resend.fail_next("drop")
    house.settle()
    assert len(resend.requests) == 1

    house.settings = house.settings.model_copy(update=change)
    house.mailer = integrations.mailer(house.settings)
    house.wait(minutes=10)

    assert len(resend.requests) == 1
    assert house.mails() == []
    assert [mail.status for mail in house.sent(task)] == [DeliveryStatus.UNKNOWN]
    assert [asked.kind for asked in house.escalations()] == [EscalationKind.OUTCOME_UNKNOWN]


def test_a_mail_that_did_not_leave_may_go_by_another_carrier(
    house: House, resend: FakeResend
) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    resend.fail_next("429:30")
    house.settle()

    house.settings = house.settings.model_copy(
        update={"resend_api_key": SecretStr("re_test_key_2")}
    )
    house.mailer = integrations.mailer(house.settings)
    house.wait(minutes=10)

    assert len(resend.accepted) == 1
    assert [mail.status for mail in house.sent(task)] == [DeliveryStatus.SENT]
