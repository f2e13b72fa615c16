"""Team: who works in a workspace, and how each is set."""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar

import sqlalchemy as sa
from pydantic import BeforeValidator, Field, model_validator

from runtime import durations
from runtime.crm.typed_settings import TypedSettings, merged
from runtime.db import Transaction
from runtime.errors import NotFound, Refused
from runtime.models import Agent, AgentKind, PastSettings

MOST_STEPS = 20
SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_RESEARCH = timedelta(hours=1)


def _wait(value: object) -> str:
    length = durations.parse(value, field="followUp.waits")
    if length < SHORTEST_WAIT:
        raise Refused("A wait is at least one second.", field="followUp.waits")
    return durations.text(length)


def _research_wait(value: object) -> str:
    length = durations.parse(value, field="research.wait")
    if not SHORTEST_WAIT <= length <= LONGEST_RESEARCH:
        raise Refused("Research is waited for from a second to an hour.", field="research.wait")
    return durations.text(length)


def _time_of_day(value: object) -> object:
    if value is None:
        return None
    text = str(value)
    hours, colon, minutes = text.partition(":")
    well_formed = colon and len(hours) == len(minutes) == 2 and (hours + minutes).isdecimal()
    if not well_formed or int(hours) > 23 or int(minutes) > 59:
        raise ValueError("must be a time of day such as 09:00")
    return text


Wait = Annotated[str, BeforeValidator(_wait)]
ResearchWait = Annotated[str, BeforeValidator(_research_wait)]
TimeOfDay = Annotated[str | None, BeforeValidator(_time_of_day)]


class AgentSettings(TypedSettings):
    """What every agent's settings have in common."""


class OutreachSettings(AgentSettings):
    """How first mails are written and let out."""

    field = "outreach"

    require_approval: bool = True
    tone: str | None = Field(default=None, max_length=500)
    signature: str | None = Field(default=None, max_length=1000)
    max_attempts: int = Field(default=5, ge=1, le=20)


class FollowUpSettings(AgentSettings):
    """When to write again.  ``waits``: one per step, each after the mail before it.

    ``absence_days``: business days that an absence without a date of return lasts.
    """

    field = "followUp"

    waits: list[Wait] = Field(default=["P3D", "P4D", "P7D"], max_length=MOST_STEPS)
    business_days_only: bool = True
    require_approval: bool = False
    window_start: TimeOfDay = None
    window_end: TimeOfDay = None
    absence_days: int = Field(default=5, ge=1, le=60)

    @model_validator(mode="after")
    def _a_whole_window(self) -> "FollowUpSettings":
        if (self.window_start is None) != (self.window_end is None):
            raise ValueError("windowStart and windowEnd are set together or not at all")
        if self.window_start and self.window_start == self.window_end:
            raise ValueError(
                "windowStart and windowEnd must differ; one after the other is a night"
            )
        return self


PlanningRule = Literal[
    "reply_unanswered",
    "bounced_colleague",
    "follow_ups_exhausted",
    "meeting_without_note",
    "high_value_idle",
    "stale_draft",
    "no_touch",
]
Days = Annotated[int, Field(ge=1, le=365)]


class PlanningSettings(AgentSettings):
    """When a deal deserves attention.  ``high_value`` unset: the upper quarter of the pipeline.

    ``auto_accept``: rules whose findings become tasks by themselves, so many a day at most;
    the draft still waits for a person.
    """

    field = "planning"

    no_touch_days: Days = 14
    reply_unanswered_days: Days = 2
    stale_draft_days: Days = 3
    meeting_note_days: Days = 2
    high_value: float | None = Field(default=None, ge=0)
    rules_off: list[PlanningRule] = Field(default=[])
    auto_accept: list[PlanningRule] = Field(default=[])
    auto_accept_per_day: int = Field(default=5, ge=0, le=100)


class ResearchSettings(AgentSettings):
    """When and how much is looked up.

    ``before_draft``: for every mail, where fewer than ``enough_facts`` are known of somebody,
    or only when it is asked for.  ``wait``: how long a mail waits for facts before it is
    written without.  ``fresh_days``: how long a page that was read is not read again.
    """

    field = "research"

    before_draft: Literal["ALWAYS", "TOO_FEW_FACTS", "WHEN_ASKED"] = "TOO_FEW_FACTS"
    enough_facts: int = Field(default=3, ge=1, le=50)
    wait: ResearchWait = "PT2M"
    fresh_days: Days = 30
    pages_per_task: int = Field(default=5, ge=0, le=20)


SETTINGS: dict[AgentKind, type[AgentSettings]] = {
    AgentKind.OUTREACH: OutreachSettings,
    AgentKind.FOLLOW_UP: FollowUpSettings,
    AgentKind.PLANNING: PlanningSettings,
    AgentKind.RESEARCH: ResearchSettings,
}
"""Who is born with a workspace, and what can be set about them."""

NAMES = {
    AgentKind.OUTREACH: "Outreach",
    AgentKind.FOLLOW_UP: "Follow-up",
    AgentKind.PLANNING: "Planning",
    AgentKind.RESEARCH: "Research",
}

Kind = TypeVar("Kind", bound=AgentSettings)


def born(tx: Transaction) -> None:
    """Give a new workspace one agent of each kind that exists."""
    for kind, settings in SETTINGS.items():
        tx.insert(Agent, kind=kind, name=NAMES[kind], settings=settings().to_json())


def member(tx: Transaction, kind: AgentKind) -> Agent:
    """Return this workspace's agent of a kind."""
    return tx.scalars(
        sa.select(Agent).where(Agent.workspace_id == tx.workspace_id, Agent.kind == kind)
    ).one()


def settings_of(agent: Agent, kind: type[Kind]) -> Kind:
    """Return an agent's settings, typed."""
    return kind.model_validate(agent.settings)


def reset(tx: Transaction, agent: Agent, settings: dict[str, Any]) -> None:
    """Give a locked agent other settings: another version; the old ones can still be read."""
    tx.insert(
        PastSettings,
        agent_id=agent.id,
        version=agent.settings_version,
        settings=agent.settings,
        ended_at=tx.now,
    )
    agent.settings, agent.settings_version = settings, agent.settings_version + 1


def settings_under(
    tx: Transaction, agent: Agent, versions: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Return an agent's settings as the API shows them under versions, of those that are kept."""
    past = tx.scalars(
        sa.select(PastSettings).where(
            PastSettings.workspace_id == tx.workspace_id,
            PastSettings.agent_id == agent.id,
            PastSettings.version.in_(versions),
        )
    )
    known = {row.version: row.settings for row in past}
    return known | {agent.settings_version: agent.settings}


def changed(agent: Agent, changes: dict[str, Any]) -> AgentSettings:
    """Return the settings with changes (camelCase keys) made; Refused names the field at fault."""
    return merged(SETTINGS[agent.kind], agent.settings, changes)


def wanted(tx: Transaction, agent_id: object, *, lock: bool = False) -> Agent:
    """Return an agent or raise NotFound on ``agentId``."""
    agent = tx.find(Agent, agent_id, lock=lock)
    if agent is None:
        raise NotFound("There is no agent with this id here.", field="agentId")
    return agent
