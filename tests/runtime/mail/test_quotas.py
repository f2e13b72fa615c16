"""A quota that is used up: everybody waits until after its reset, and is told why, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.db import Database
from runtime.desk import why_not
from runtime.mail import quotas
from runtime.models import (
    Approval,
    Call,
    CallKind,
    DeliveryStatus,
    EscalationKind,
    Task,
    TaskStatus,
)
from tests.fakes import FakeResend
from tests.house import House
from tests.runtime.conftest import Build

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def houses(build: Build) -> tuple[House, House]:
    """Two workspaces of one deployment, and so of one account."""
    return build(), build()


def approved(house: House, count: int = 1) -> list[Task]:
    """Return tasks whose mails are approved, and have not come to the gate."""
    tasks = [house.a_drafted_task() for _ in range(count)]
    for task in tasks:
        house.approve(task)
    return tasks


def test_all_mail_of_the_deployment_waits_for_the_reset_and_then_goes_out_spread(
    houses: tuple[House, House], resend: FakeResend
) -> None:
    first, second = houses
    tasks = [(house, task) for house in houses for task in approved(house, 3)]
    resend.fail_next("daily")
    first.settle()
    second.settle()
    assert len(resend.requests) == 1

    first.wait(hours=14)
    second.settle()
    assert len(resend.requests) == 1
    first.clock.now = MIDNIGHT
    first.settle()
    second.settle()
    assert len(resend.requests) < 4
    first.wait(minutes=16)
    second.settle()

    assert len(resend.accepted) == len(tasks)
    sent = [house.sent(task)[0] for house, task in tasks]
    assert {mail.status for mail in sent} == {DeliveryStatus.SENT}
    assert {house.fresh(task).status for house, task in tasks} == {TaskStatus.COMPLETED}
    for house, task in tasks:
        [leave] = house.all(Approval, Approval.task_id == task.id)
        assert leave.voided_at is None


def test_it_costs_no_tries_and_a_person_of_each_workspace_is_told_once(
    houses: tuple[House, House], resend: FakeResend
) -> None:
    first, second = houses
    first.outreach_settings(maxAttempts=1)
    for house in (first, second):
        approved(house, 2)
    resend.fail_next("daily")

    for house in houses:
        house.settle()

    for house in houses:
        [asked] = house.escalations()
        assert asked.kind is EscalationKind.QUESTION
        assert "2026-03-03 00:00 UTC" in asked.reason
    calls = first.all(Call, Call.kind == CallKind.SEND_EMAIL)
    assert [call.attempts for call in calls] == [0, 0]


def test_why_not_names_the_quota_and_its_end(
    houses: tuple[House, House], resend: FakeResend
) -> None:
    house = houses[1]
    resend.fail_next("daily")
    approved(houses[0])
    houses[0].settle()
    [task] = approved(house)
    house.settle()

    with house.tx() as tx:
        reasons = why_not.about_task(tx, task.id, settings=house.settings)

    [quota] = [reason for reason in reasons if reason.rule == "quota"]
    assert "used up until 2026-03-03 00:00 UTC" in quota.detail
    assert quota.until
    assert MIDNIGHT <= quota.until <= MIDNIGHT + quotas.SPREAD
    [receipt] = [check for check in house.sent(task)[0].receipt if check["rule"] == "quota"]
    assert receipt["passed"] is False


def test_a_quota_that_is_not_back_after_the_reset_is_waited_for_again(
    houses: tuple[House, House], resend: FakeResend
) -> None:
    house = houses[0]
    approved(house)
    resend.fail_next("monthly", "monthly", "monthly")

    house.wait(days=2)
    assert len(resend.requests) == 3
    house.wait(days=1)

    assert len(resend.accepted) == 1
    assert [asked.reason[:25] for asked in house.escalations()] == ["The month's quota at Rese"] * 3


def test_another_account_has_a_quota_of_its_own(
    houses: tuple[House, House], resend: FakeResend, db: Database, tmp_path: Path
) -> None:
    approved(houses[0])
    resend.fail_next("daily")
    houses[0].settle()
    other = House(
        db,
        houses[0].clock,
        tmp_path,
        resend_api_key="re_test_key_2",
        resend_api_url=resend.url,
        allow_email_sending=True,
    )

    task = other.a_sent_task()

    assert task.status is TaskStatus.COMPLETED
