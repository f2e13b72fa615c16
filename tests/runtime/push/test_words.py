"""A notification leads to where it is seen to, and says no more than kinds and counts."""

from datetime import UTC, datetime

import pytest

from runtime.models import PushKind
from runtime.push import words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (PushKind.APPROVALS, "/"),
        (PushKind.ESCALATIONS, "/?tray=questions"),
        (PushKind.REPLIES, "/activity?type=reply.recorded"),
        (
            PushKind.FAILURES,
            (
                "/activity?type=task.failed&type=follow_up.failed&type=agent.failed"
                "&type=message.buried&type=sending.stopped"
            ),
        ),
    ],
)
def test_each_kind_leads_to_its_page(kind: PushKind, path: str) -> None:
    assert words.payload({kind: 1}, tag="t", at=NOON)["path"] == path


def test_several_kinds_lead_to_where_everything_begins() -> None:
    both = {PushKind.FAILURES: 1, PushKind.ESCALATIONS: 2}
    assert words.payload(both, tag="t", at=NOON)["path"] == "/"
