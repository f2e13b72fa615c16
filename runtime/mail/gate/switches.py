"""Switches: whether people have stopped the agent, the workspace or the deployment."""

from runtime.crm import team
from runtime.db import Transaction
from runtime.mail.gate.check import LOOK_AGAIN, Check
from runtime.models import AgentStatus, Call, Workspace
from runtime.settings import Settings


def agent(tx: Transaction, call: Call) -> Check:
    """Have the mail of a paused agent wait."""
    agent = team.member(tx, call.agent)
    if agent.status in (AgentStatus.PAUSED, AgentStatus.FAILED):
        return Check("agent_active", False, f"{agent.name} is paused.", tx.now + LOOK_AGAIN)
    return Check("agent_active", True, f"{agent.name} is not paused.")


def kill_switch(tx: Transaction) -> Check:
    """Have all mail wait while the workspace's switch is off."""
    workspace = tx.get_one(Workspace, tx.workspace_id)
    if workspace.sending_stopped:
        why = workspace.sending_stopped_reason or "no reason was given"
        detail = f"Sending is stopped: {why.removesuffix('.')}."
        return Check("kill_switch", False, detail, tx.now + LOOK_AGAIN)
    return Check("kill_switch", True, "Sending is not stopped in this workspace.")


def allowed(settings: Settings) -> Check:
    """Refuse real mail where the deployment does not allow it."""
    match settings.email_sending:
        case "BLOCKED":
            return Check("sending_allowed", False, "Real sending is off: ALLOW_EMAIL_SENDING.")
        case "SANDBOX":
            return Check("sending_allowed", True, "Sandbox: the mail stays in this house.")
        case _:
            return Check("sending_allowed", True, "Real sending is on.")
