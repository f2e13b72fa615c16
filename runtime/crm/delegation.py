"""Delegation: whom a deal is handed to, with which words, and why.

Rules in code, so that the same deal gets the same answer, and the answer can be read.
"""

from dataclasses import dataclass

from runtime.models import AgentKind, Contact, Opportunity, Stage


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to do what about a deal, and why it is they."""

    agent: AgentKind
    instruction: str
    why: str


_WHY = {
    Stage.NEW: "Nobody has written about it yet: the outreach agent writes the first mail.",
    Stage.CONTACTED: "They were written to and have not answered: the outreach agent tries anew.",
    Stage.REPLIED: "They answered: the outreach agent drafts what comes next.",
    Stage.MEETING: "There is a meeting: the outreach agent drafts what belongs to it.",
}
_WORDS = {
    Stage.NEW: "Introduce “{title}” to {name} and ask for a short call.",
    Stage.CONTACTED: "Come back to {name} about “{title}” from another side.",
    Stage.REPLIED: "Answer {name} about “{title}” and propose the next step.",
    Stage.MEETING: "Write to {name} about the meeting on “{title}”.",
}
_PREPARE = "Find out about {name} before the meeting."
_WHY_PREPARE = "There is a meeting, and little is known of them: the research agent prepares it."


def choose(opportunity: Opportunity, contact: Contact, *, unprepared: bool = False) -> Choice:
    """Return who takes an open deal on, by its stage; its next step, where set, is the order.

    ``unprepared``: too little is known of the contact, and there is somewhere to look.
    """
    if opportunity.stage is Stage.MEETING and unprepared and not opportunity.next_step:
        return Choice(AgentKind.RESEARCH, _PREPARE.format(name=contact.name), _WHY_PREPARE)
    stage = opportunity.stage
    if opportunity.next_step:
        words, because = opportunity.next_step, " The next step that was noted is the order."
    else:
        words, because = _WORDS[stage].format(name=contact.name, title=opportunity.title), ""
    return Choice(AgentKind.OUTREACH, words, _WHY[stage] + because)
