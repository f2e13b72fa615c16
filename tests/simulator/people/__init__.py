"""People: who works in the workspace, and what they do there.

An act is a function that gets the ``Office``; it looks at what is there, picks something
and carries out a command of the desk.  ``ACTS`` says how often which is done.
"""

from collections.abc import Callable

from tests.simulator.people import escalated, readers, reviewing, stopped, switches
from tests.simulator.people.office import Office

ACTS: dict[Callable[[Office], None], float] = {
    reviewing.read_the_page: 4,
    reviewing.approve: 45,
    reviewing.approve_twice: 4,
    reviewing.two_decide_at_once: 4,
    reviewing.edit: 6,
    reviewing.reject_with_feedback: 5,
    reviewing.reject: 1,
    reviewing.withdraw: 4,
    stopped.retry: 6,
    stopped.resume_follow_up: 5,
    stopped.pause_follow_up: 2,
    stopped.cancel_follow_up: 1,
    stopped.reschedule: 3,
    stopped.cancel_task: 1,
    escalated.resolve: 8,
    escalated.replay: 4,
    readers.assign: 3,
    readers.suppress: 1,
    readers.remove_suppression: 1,
    switches.kill_switch: 4,
    switches.pause_agent: 4,
    switches.settings: 4,
    switches.allow_sending: 3,
    switches.put_back: 12,
    switches.release: 9,
}
