"""The team: one file, one agent.

``team()`` is everybody who works in a process of this wing.  To add a member,
write a file like ``outreach.py`` and name it here; give it settings in ``runtime.crm.team``.
"""

from agents.follow_up import FollowUp
from agents.outreach import Outreach
from agents.planning import Planning
from agents.research import Research
from runtime.actors.agent import Agent


def team() -> list[Agent]:
    """Return one of each."""
    return [Outreach(), FollowUp(), Planning(), Research()]
