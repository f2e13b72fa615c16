"""What agents handled, hour by hour, is what lies in their mailboxes."""

import uuid
from datetime import timedelta

from runtime.insight import throughput
from runtime.insight.throughput import Hour
from runtime.models import AgentKind, Message, MessageStatus
from tests.house import House


def handled(house: House, agent: uuid.UUID, minutes: int, status: MessageStatus) -> None:
    at = house.clock.now - timedelta(minutes=minutes)
    with house.tx() as tx:
        tx.insert(
            Message,
            type="X",
            sender="system",
            recipient="outreach",
            recipient_id=agent,
            body={},
            status=status,
            priority=2,
            correlation_id=uuid.uuid4(),
            available_at=at,
            sent_at=at,
            handled_at=None if status is MessageStatus.READY else at,
        )


def test_each_hour_has_its_messages_and_an_empty_one_zeros(house: House) -> None:
    mine, other = (house.agent(kind).id for kind in (AgentKind.OUTREACH, AgentKind.FOLLOW_UP))
    house.clock.now = house.clock.now.replace(hour=12, minute=30)
    for minutes, status in (
        (0, MessageStatus.DONE),
        (30, MessageStatus.DONE),
        (31, MessageStatus.DEAD),
        (40, MessageStatus.DISCARDED),
        (149, MessageStatus.DONE),
        (151, MessageStatus.DONE),
        (5, MessageStatus.READY),
    ):
        handled(house, mine, minutes, status)
    begin = house.clock.now.replace(hour=10, minute=0)

    with house.tx() as tx:
        [hours, nothing] = throughput.of_agents(tx, [mine, other], 3)

    assert hours == [
        Hour(begin, 1, 0),
        Hour(begin + timedelta(hours=1), 0, 2),
        Hour(begin + timedelta(hours=2), 2, 0),
    ]
    assert [(hour.handled, hour.failed) for hour in nothing] == [(0, 0)] * 3
