"""Morning: what a person has done by the hour of the pictures, so that each page has its own."""

from datetime import timedelta
from unittest import mock

from agents.outreach import Outreach
from runtime.desk import drafts, follow_ups, messages
from runtime.models import AgentKind, Contact, FollowUp, FollowUpStatus, Task
from tests.house import House
from tests.web.pictures import cast
from tests.web.pictures.mail import Post


def play(house: House, post: Post) -> None:
    """Send a draft back, edit one, join in, pause and move steps; and something breaks."""
    house.run(
        drafts.reject,
        draft_id=house.draft(task_of(house, cast.PRIYA)).id,
        feedback=cast.FEEDBACK,
    )
    house.wait(minutes=11)
    _say(house, cast.HENRIK, cast.WISH)
    house.wait(minutes=9)
    _edit(house)
    house.wait(minutes=3)
    _change_steps(house)
    post.comes(*cast.STRANGER)
    _break(house)
    house.wait(minutes=7)
    _say(house, cast.HENRIK, cast.QUESTION)


def task_of(house: House, email: str) -> Task:
    """Return the newest task about somebody."""
    [contact] = house.all(Contact, Contact.email == email)
    return house.all(Task, Task.contact_id == contact.id)[-1]


def _say(house: House, email: str, text: str) -> None:
    outreach = house.agent(AgentKind.OUTREACH).id
    house.run(messages.send, agent_id=outreach, task_id=task_of(house, email).id, text=text)
    house.settle()


def _edit(house: House) -> None:
    draft = house.draft(task_of(house, cast.HELENE))
    words = draft.body
    for old, new in cast.EDITS:
        assert old in words, f"{old!r} is not in the draft: {words}"
        words = words.replace(old, new)
    house.run(drafts.edit, draft_id=draft.id, body=words)


def _change_steps(house: House) -> None:
    planned = house.all(FollowUp, FollowUp.status == FollowUpStatus.SCHEDULED)
    paused, moved = sorted(planned, key=lambda step: step.due_at)[1:3]
    house.run(follow_ups.pause, follow_up_id=paused.id, reason="At a fair this week.")
    later = moved.due_at + timedelta(days=4)
    house.run(follow_ups.reschedule, follow_up_id=moved.id, due_at=later)


def _break(house: House) -> None:
    """Have an agent give up on words of a person's."""
    broken = mock.patch.object(Outreach, "listen", side_effect=RuntimeError(cast.TROUBLE))
    with broken:
        _say(house, cast.ZOFIA, cast.QUESTION)
        house.wait(minutes=15)
