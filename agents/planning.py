"""The planning agent: reads the pipeline and says what should happen next.

It wants from the world: to be told that something happened, and a reminder each day.
What it finds, it finds by rules, whose words a model may only say more plainly.  A person
accepts it, or the settings do for some rules, and even then the draft waits for a person.
"""

from datetime import timedelta

from agents.listening import Listener
from runtime.actors.agent import handles
from runtime.actors.turn import Turn
from runtime.crm import team
from runtime.crm.pipeline import attention, facts, recommendations, rules, thresholds, wording
from runtime.crm.team import PlanningSettings
from runtime.desk import recommendations as desk
from runtime.errors import Refused
from runtime.messages import ContactSilent, FindingWorded, PipelineChanged
from runtime.models import AgentKind, Recommendation

BY_ITSELF = "planning"
"""Who is said to have accepted what the settings had accepted."""


class Planning(Listener):
    """Recommends; decides nothing that a person has not left to it."""

    kind = AgentKind.PLANNING

    @handles(PipelineChanged)
    def look(self, turn: Turn, _said: PipelineChanged) -> None:
        """Keep what is found anew, and close what is no longer there."""
        settings = team.settings_of(turn.agent, PlanningSettings)
        deals = facts.read(turn.tx)
        found = rules.find(deals, thresholds.of(settings, deals), turn.now)
        recommendations.expire(turn.tx, found, actor=turn.name)
        new = recommendations.keep(turn.tx, found, actor=turn.name)
        self._accept(turn, settings, new)
        self._have_worded(turn, new)
        attention.look_daily(turn.tx)

    @handles(FindingWorded)
    def show_wording(self, turn: Turn, said: FindingWorded) -> None:
        """Show a finding in the plainer words, as long as it waits for an answer."""
        wording.keep(turn.tx, said, actor=turn.name)

    @handles(ContactSilent)
    def hear_of_silence(self, turn: Turn, _said: ContactSilent) -> None:
        """Look soon at what a contact's silence means for the pipeline."""
        attention.draw(turn.tx)

    def _have_worded(self, turn: Turn, new: list[Recommendation]) -> None:
        """Ask for plainer words for what waits for a person, up to the day's number."""
        wanted = [row for row in new if wording.is_wanted(turn.tx, row)]
        for row in wanted[: wording.room(turn.tx)] if wanted else []:
            turn.call(wording.plan, row, task=None)

    def _accept(self, turn: Turn, settings: PlanningSettings, new: list[Recommendation]) -> None:
        """Make tasks of what the settings leave to this agent, up to the day's number."""
        since = turn.now - timedelta(days=1)
        done = recommendations.accepted_since(turn.tx, since, BY_ITSELF)
        chosen = [row for row in new if row.rule in settings.auto_accept]
        for row in chosen[: max(0, settings.auto_accept_per_day - done)]:
            try:
                desk.accept(turn.tx, who=BY_ITSELF, recommendation_id=row.id)
            except Refused as refusal:
                # It stays open, and a person sees why it was not done.
                turn.record(
                    "recommendation.left",
                    f"“{row.title}” was not accepted by itself: {refusal.message}",
                    recommendation_id=row.id,
                )
