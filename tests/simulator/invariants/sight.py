"""Sight: one mail that has just passed the gate, and all that matters about it, as committed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.simulator.hand import Hand
from tests.simulator.invariants.scene import Scene
from tests.simulator.ledger import Errand, Leave, Ledger

_SIGHT = """
    SELECT o.fence, o.status AS call_status, o.agent, o.draft_id, o.task_id, o.follow_up_id,
           d.to_address, d.subject, d.body, a.kind AS leave, a.settings_version AS leave_version,
           c.timezone, w.timezone AS default_zone,
           w.settings AS workspace_settings, g.settings, g.settings_version,
           f.step, f.due_at, s.envelope, first.kind AS first_leave,
           first.settings_version AS first_version
    FROM outbox o
    JOIN drafts d ON d.workspace_id = o.workspace_id AND d.id = o.draft_id
    JOIN tasks t ON t.workspace_id = o.workspace_id AND t.id = o.task_id
    JOIN contacts c ON c.workspace_id = o.workspace_id AND c.id = t.contact_id
    JOIN workspaces w ON w.id = o.workspace_id
    JOIN agents g ON g.workspace_id = o.workspace_id AND g.kind = 'FOLLOW_UP'
    JOIN agent_outreach_sent s ON s.workspace_id = o.workspace_id AND s.draft_id = d.id
    LEFT JOIN agent_followup_schedule f
      ON f.workspace_id = o.workspace_id AND f.id = o.follow_up_id
    LEFT JOIN approvals a
      ON a.workspace_id = o.workspace_id AND a.draft_id = d.id AND a.voided_at IS NULL
    LEFT JOIN LATERAL (
        SELECT x.kind, x.settings_version FROM approvals x JOIN drafts y
          ON y.workspace_id = x.workspace_id AND y.id = x.draft_id AND y.follow_up_id IS NULL
        WHERE x.workspace_id = o.workspace_id AND x.task_id = o.task_id AND x.voided_at IS NULL
        ORDER BY x.approved_at DESC LIMIT 1) first ON true
    WHERE o.id = %(call)s
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """A mail at the gate; ``row`` has its rows' columns."""

    scene: Scene
    hand: Hand
    row: Any

    @property
    def ledger(self) -> Ledger:
        return self.scene.ledger

    @property
    def now(self) -> datetime:
        return self.scene.house.clock.now

    @property
    def errand(self) -> Errand:
        return self.ledger.errands[self.row.task_id]

    @property
    def there(self) -> datetime:
        """What time it is where the reader lives."""
        return self.now.astimezone(self.zone)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.row.timezone or self.row.default_zone)

    @property
    def home(self) -> ZoneInfo:
        """The workspace's zone, in which days are counted."""
        return ZoneInfo(self.row.default_zone)

    @property
    def leave(self) -> Leave | None:
        """The person's approval under which it leaves: of its text, or of the first mail."""
        if self.row.leave == "STANDING":
            return self.ledger.first_leaves.get(self.row.task_id)
        return self.ledger.leaves.get(self.row.draft_id)

    @property
    def by_policy(self) -> bool:
        """Whether its leave, or the first mail's that it stands on, is a setting's."""
        return "POLICY" in (
            self.row.leave,
            self.row.first_leave if self.row.leave == "STANDING" else "",
        )

    @property
    def decided(self) -> int:
        """The moment at which a person last decided to have it written."""
        if self.by_policy:
            return self.errand.assigned
        return self.leave.moment if self.leave else 0


def of(scene: Scene, hand: Hand) -> Sight:
    """Return the mail that a hand has just brought through the gate."""
    return Sight(scene, hand, scene.eye.row(_SIGHT, call=hand.claimed.id))
