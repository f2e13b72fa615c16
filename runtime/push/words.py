"""Words: what a notification says.  Counts and kinds: no name, no address, no word of a mail.

It lies on lock screens and passes through another company's servers.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from runtime.models import PushKind

_SENTENCES = {
    PushKind.FAILURES: ("1 failure needs a look.", "{n} failures need a look."),
    PushKind.ESCALATIONS: ("1 question waits for you.", "{n} questions wait for you."),
    PushKind.REPLIES: ("1 reply came in.", "{n} replies came in."),
    PushKind.APPROVALS: ("1 draft awaits approval.", "{n} drafts await approval."),
}
PATHS = {
    PushKind.FAILURES: "/activity",
    PushKind.ESCALATIONS: "/?tray=questions",
    PushKind.REPLIES: "/",
    PushKind.APPROVALS: "/",
}
"""Where in the dashboard each kind is seen to; these are pages of ``web/src/pages.ts``."""
TEST = "TEST"


def payload(counts: Mapping[PushKind, int], *, tag: str, at: datetime) -> dict[str, Any]:
    """Return a notification of these counts; its kind is the most pressing."""
    kinds = [kind for kind in PushKind if counts.get(kind)]
    return {
        "kind": kinds[0].value,
        "text": " ".join(_sentence(kind, counts[kind]) for kind in kinds),
        "counts": {kind.value: counts[kind] for kind in kinds},
        "path": PATHS[kinds[0]] if len(kinds) == 1 else "/",
        "tag": tag,
        "at": _moment(at),
    }


def test(*, at: datetime) -> dict[str, Any]:
    """Return the notification by which somebody sees that they are reached."""
    return {
        "kind": TEST,
        "text": "Notifications work in this browser.",
        "counts": {},
        "path": "/",
        "tag": "test",
        "at": _moment(at),
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sentence(kind: PushKind, count: int) -> str:
    one, many = _SENTENCES[kind]
    return one if count == 1 else many.format(n=count)
