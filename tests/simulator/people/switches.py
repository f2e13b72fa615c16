"""Switches: mail is stopped and let go on, agents are paused and set, sending is allowed or not."""

from runtime.desk import agents, held, workspaces
from runtime.models import AgentKind
from tests.simulator import traits
from tests.simulator.people.office import Office

_REFUSED = "SELECT FROM agent_outreach_sent WHERE status = 'BLOCKED' LIMIT 1"


def kill_switch(office: Office) -> None:
    """Stop all mail, or let it go on."""
    stop_mail(office, stop=not office.ledger.stopped)


def stop_mail(office: Office, *, stop: bool) -> None:
    """Put the kill switch where it is wanted."""
    command = workspaces.stop_sending if stop else workspaces.resume_sending
    what = "stop all mail" if stop else "let mail go on"
    if office.do(what, command, reason="So they said."):
        office.ledger.stopped = stop


def pause_agent(office: Office) -> None:
    """Pause an agent, or have it go on."""
    kind = office.chance.pick([AgentKind.OUTREACH, AgentKind.FOLLOW_UP])
    put_to_rest(office, kind, rest=kind.value not in office.ledger.paused)


def put_to_rest(office: Office, kind: AgentKind, *, rest: bool) -> None:
    """Have an agent rest, or not."""
    command, verb = (agents.pause, "pause") if rest else (agents.resume, "resume")
    if office.do(f"{verb} {kind.lower()}", command, agent_id=office.agents[kind]):
        (office.ledger.paused.add if rest else office.ledger.paused.discard)(kind.value)


def put_back(office: Office) -> None:
    """Put back the first switch that is not as it should be."""
    if office.ledger.stopped:
        stop_mail(office, stop=False)
    elif not office.ledger.allowed:
        set_allowed(office, allowed=True)
    elif office.ledger.paused:
        put_to_rest(office, AgentKind(min(office.ledger.paused)), rest=False)


def settings(office: Office) -> None:
    """Set the follow-up agent otherwise: standing approvals end, windows move."""
    new = traits.follow_up(office.chance)
    agent_id = office.agents[AgentKind.FOLLOW_UP]
    words = ", ".join(f"{key}={value}" for key, value in new.items())
    office.do(f"set {words}", agents.update, agent_id=agent_id, settings={AgentKind.FOLLOW_UP: new})


def allow_sending(office: Office) -> None:
    """Start the deployment anew with ALLOW_EMAIL_SENDING the other way."""
    set_allowed(office, allowed=not office.ledger.allowed)


def set_allowed(office: Office, *, allowed: bool) -> None:
    """Start the deployment anew with this ALLOW_EMAIL_SENDING."""
    office.ledger.allowed = allowed
    office.house.settings = office.settings[allowed]
    office.diary.note(f"ALLOW_EMAIL_SENDING={str(allowed).lower()}")


def release(office: Office) -> None:
    """Release what is held, if there is anything; now and then by a stale count."""
    settings = office.house.settings
    if not office.eye.rows(_REFUSED):
        return
    with office.house.tx() as tx:
        count = held.preview(tx, settings=settings).count
    if not count:
        return
    expected = count + 1 if office.chance.happens(0.2) else count
    office.do(
        f"release {expected} held mails",
        held.release,
        expected_count=expected,
        settings=settings,
    )
