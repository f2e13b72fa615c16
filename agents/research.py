"""The research agent: gathers what is known of somebody, each fact with its source.

It wants from the world: the pages that a person listed, read by a worker.  Everything else
it finds in the workspace's own rows.  It never writes to anybody, and what it reads it
keeps as quotes: nothing found there tells it, or anybody, what to do.
"""

from agents.listening import Listener
from runtime import outbox
from runtime.actors.agent import handles
from runtime.actors.turn import Turn
from runtime.crm import contacts, tasks
from runtime.crm.research import facts, holdings, need, reading, rechecking
from runtime.messages import FactsGathered, FactsWanted, PageNotRead, PageRead, TaskAssigned
from runtime.messages import TaskRetried as Retried
from runtime.models import AgentKind, CallKind, TaskStatus


class Research(Listener):
    """Looks up; writes to nobody."""

    kind = AgentKind.RESEARCH

    @handles(TaskAssigned)
    def begin(self, turn: Turn, _said: TaskAssigned) -> None:
        """Find out about somebody because a person wants to know."""
        self._begin_own(turn)

    @handles(Retried)
    def begin_again(self, turn: Turn, _said: Retried) -> None:
        """Find out once more."""
        self._begin_own(turn)

    @handles(FactsWanted)
    def prepare(self, turn: Turn, _said: FactsWanted) -> None:
        """Find out about somebody who is to be written to."""
        if turn.task.status is TaskStatus.WORKING:
            self._look_up(turn)

    @handles(PageRead)
    def note(self, turn: Turn, said: PageRead) -> None:
        """Say what a page gave, and answer when it was the last."""
        left = f", {len(said.refused)} quotes were left" if said.refused else ""
        turn.record(
            "page.read",
            f"{said.host} was read: {said.facts} facts are kept{left}.",
            web_page_id=str(said.page_id),
            refused=said.refused,
        )
        self._answer_after_the_last(turn)

    @handles(PageNotRead)
    def note_refusal(self, turn: Turn, said: PageNotRead) -> None:
        """Say why a page was not read, and answer when it was the last."""
        turn.record(
            "page.refused",
            f"{said.host or 'A page'} was not read: {said.message}",
            web_page_id=str(said.page_id) if said.page_id else None,
            code=said.code,
        )
        self._answer_after_the_last(turn)

    def _begin_own(self, turn: Turn) -> None:
        if turn.task.status is not TaskStatus.QUEUED:
            return
        turn.task.attempts += 1
        contact = contacts.wanted(turn.tx, turn.task.contact_id)
        summary = f"The research agent looks up what is known of {contact.name}."
        tasks.move(turn.tx, turn.task, TaskStatus.WORKING, "task.started", summary, actor=turn.name)
        self._look_up(turn)

    def _look_up(self, turn: Turn) -> None:
        contact = contacts.wanted(turn.tx, turn.task.contact_id)
        rechecking.recheck(turn.tx, contact)
        holdings.gather(turn.tx, contact)
        pages = need.pages_to_read(turn.tx, contact)
        for page in pages:
            turn.call(reading.plan, page)
        if not pages:
            self._answer(turn)

    def _answer_after_the_last(self, turn: Turn) -> None:
        calls = outbox.open_calls(turn.tx, turn.task.id)
        if not any(call.kind is CallKind.READ_PAGE for call in calls):
            self._answer(turn)

    def _answer(self, turn: Turn) -> None:
        """Say what is known now: to who asked, or by completing the task."""
        contact = contacts.wanted(turn.tx, turn.task.contact_id)
        known = len(facts.told(turn.tx, contact.id))
        read, refused = reading.outcome(turn.tx, turn.task)
        summary = f"{known} facts about {contact.name} can be used; pages read: {read}"
        summary += f", not read: {refused}." if refused else "."
        if turn.task.agent_id == turn.agent.id:
            if turn.task.status is TaskStatus.WORKING:
                tasks.move(
                    turn.tx,
                    turn.task,
                    TaskStatus.COMPLETED,
                    "task.completed",
                    summary,
                    actor=turn.name,
                )
            return
        turn.record("research.done", summary, facts=known, pages_read=read, pages_not_read=refused)
        turn.tell(
            AgentKind.OUTREACH,
            FactsGathered(
                task_id=turn.task.id, facts=known, pages_read=read, pages_not_read=refused
            ),
            dedup_key=f"facts:{turn.task.id}:{turn.task.attempts}",
        )
