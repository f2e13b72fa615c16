"""What an owner may do with an agent: set it, name it, pause it, have it go on."""

import uuid
from collections.abc import Mapping
from typing import Any

from runtime.crm import escalations, team
from runtime.db import Transaction
from runtime.desk.words import one_line
from runtime.errors import Refused
from runtime.mail import merge, waking
from runtime.models import Agent, AgentKind, AgentStatus


def update(
    tx: Transaction,
    *,
    who: str,
    agent_id: uuid.UUID,
    name: str | None = None,
    settings: Mapping[AgentKind, dict[str, Any]] | None = None,
) -> Agent:
    """Change an agent's name or settings (camelCase keys, by the kind they are meant for).

    Other settings are another version: standing approvals given under the old one end.
    """
    agent = team.wanted(tx, agent_id, lock=True)
    for kind in settings or {}:
        if kind is not agent.kind:
            raise Refused(
                f"{agent.name} has no settings of this kind.", field=team.SETTINGS[kind].field
            )
    if name is not None:
        agent.name = one_line(name, "name", longest=100)
    if changes := (settings or {}).get(agent.kind):
        merge.refuse_unknown(str(changes.get("signature") or ""), field="outreach.signature")
        new = team.changed(agent, changes).to_json()
        if new != agent.settings:
            team.reset(tx, agent, new)
    tx.record("agent.updated", f"{who} changed {agent.name}'s settings.", actor=who, agent=agent)
    return agent


def pause(tx: Transaction, *, who: str, agent_id: uuid.UUID) -> Agent:
    """Have an agent do nothing, and let none of its mails out, until it is resumed."""
    agent = team.wanted(tx, agent_id, lock=True)
    if agent.status is not AgentStatus.PAUSED:
        agent.status = AgentStatus.PAUSED
        tx.record("agent.paused", f"{who} paused {agent.name}.", actor=who, agent=agent)
    return agent


def resume(tx: Transaction, *, who: str, agent_id: uuid.UUID) -> Agent:
    """Have a paused or failed agent go on with what its mailbox holds."""
    agent = team.wanted(tx, agent_id, lock=True)
    if agent.status in (AgentStatus.PAUSED, AgentStatus.FAILED):
        agent.status, agent.crash_count, agent.resume_at = AgentStatus.IDLE, 0, None
        summary = f"{who} resumed {agent.name}."
        escalations.settle(tx, f"crash:{agent.id}", summary, by=who)
        tx.record("agent.resumed", summary, actor=who, agent=agent)
        waking.agent_resumed(tx, agent.kind)
        tx.hint("agent", agent.id)
    return agent
