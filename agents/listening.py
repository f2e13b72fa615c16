"""Listening: how every member of the team answers a person.

What the words meant was done in the commit that carried them (``runtime.desk.interjections``);
the agent says so, or how things stand.
"""

from runtime.actors.agent import Agent, handles
from runtime.actors.turn import Turn
from runtime.crm.intents import Intent
from runtime.desk import standing
from runtime.mail import drafts, follow_ups, sent
from runtime.messages import Answer, PersonWrote
from runtime.models import OPEN_FOLLOW_UP


class Listener(Agent):
    """An agent that people may speak to."""

    @handles(PersonWrote)
    def listen(self, turn: Turn, said: PersonWrote) -> None:
        """Say what was understood and done, or answer how the task stands."""
        asked = said.intent == Intent.ANSWER and said.task_id is not None
        text = _how_it_stands(turn) if asked else said.done
        turn.tell(None, Answer(text=text, task_id=said.task_id))
        # Whoever follows the conversation learns of the answer by this.
        turn.record("message.answered", f"{turn.agent.name} answered {said.who}.")


def _how_it_stands(turn: Turn) -> str:
    """Return where the task is, and what it waits for."""
    task, tx = turn.task, turn.tx
    draft = drafts.newest(tx, task.id, None)
    first = standing.of_task(task, draft, sent.of(tx, draft) if draft else None)
    told = [f"The task is {task.status.replace('_', ' ').lower()}.", first.detail]
    for step in follow_ups.of_task(tx, task):
        if step.status in OPEN_FOLLOW_UP:
            text = drafts.newest(tx, task.id, step.id)
            mail = sent.of(tx, text) if text else None
            told.append(standing.of_follow_up(step, text, mail, turn.now).detail)
    return " ".join(part for part in told if part)
