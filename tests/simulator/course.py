"""Course: how a run goes.

Rounds: time passes, what had to happen happens, people act, the machine works a little.
Then a calm: the weather clears, people switch everything on again and do nothing more,
and all that can still happen does, up to some weeks later.  What the breaker stops in
the calm, they let go on: a mail that waits for a person comes to no end by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from runtime.desk import workspaces
from runtime.models import AgentKind
from tests.simulator import invariants
from tests.simulator.diary import Broken
from tests.simulator.people import ACTS, reviewing, switches
from tests.simulator.people.readers import give_task

if TYPE_CHECKING:
    from tests.simulator.world import World

_DAY = 86_400
_LENGTHS = {
    (1, 30): 30.0,
    (60, 3600): 25.0,
    (3600, 10 * 3600): 25.0,
    (20 * 3600, 28 * 3600): 12.0,
    (2 * _DAY, 4 * _DAY): 8.0,
}
"""Of a round, in seconds, and how often."""

_LOOK_EACH = 4
"""Rounds between two looks at the promises that need one."""

_CALM = timedelta(days=40)
_MOMENTS = 1500
"""More than the calm has; beyond it something goes in circles."""

_STOPPED = "SELECT FROM workspaces WHERE sending_stopped"


def play(world: World) -> None:
    """Play a run to its end; raises Broken where a promise is."""
    _begin(world)
    for number in range(world.traits.rounds):
        _round(world)
        if number % _LOOK_EACH == 0:
            invariants.keep(invariants.ALWAYS, world.scene)
    _calm(world)


def _begin(world: World) -> None:
    house, wanted = world.house, world.traits.approval_wanted
    world.ledger.approval_wanted = wanted
    house.run(workspaces.update, timezone=world.traits.timezone, settings=world.traits.pace)
    house.follow_up_settings(**world.traits.follow_up)
    house.outreach_settings(requireApproval=wanted, maxAttempts=6)
    for number in range(1, world.traits.readers + 1):
        give_task(world.office, world.add_reader(number))
    # To be past the first drafts soon: what comes after them is where stories differ.
    world.machine.work(6)
    for _ in range(2):
        reviewing.approve(world.office)


def _round(world: World) -> None:
    _time_passes(world)
    parts: list[Callable[[], None]] = [
        world.future.happen,
        partial(_people_act, world),
        partial(_machine_works, world),
    ]
    if world.weather.outage_follows():
        world.clock.advance(world.chance.between(_DAY, 3 * _DAY))
        world.diary.fault("an outage of days follows a doubt")
        parts.reverse()  # what the provider tried to report meanwhile comes again, later
    elif world.chance.happens(0.2):
        parts.reverse()
    for part in parts:
        part()


def _time_passes(world: World) -> None:
    world.clock.advance(world.chance.between(*world.chance.weighed(_LENGTHS)))


def _people_act(world: World) -> None:
    for _ in range(world.chance.between(0, 4)):
        world.office.chance.weighed(ACTS)(world.office)


def _machine_works(world: World) -> None:
    if world.weather.strikes(0.06):
        world.diary.fault("nothing runs for a while")
    else:
        world.machine.work(world.chance.between(1, 8))


def _calm(world: World) -> None:
    world.diary.note("the calm begins: everything is switched on, and people do nothing more")
    world.weather.clear = True
    world.machine.end_hangs(share_that_dies=0.5)
    switches.set_allowed(world.office, allowed=True)
    switches.stop_mail(world.office, stop=False)
    for kind in (AgentKind.OUTREACH, AgentKind.FOLLOW_UP):
        switches.put_to_rest(world.office, kind, rest=False)
    _let_all_happen(world, until=world.clock.now + _CALM)
    invariants.keep(invariants.AT_REST, world.scene)


def _let_all_happen(world: World, until: datetime) -> None:
    for _ in range(_MOMENTS):
        world.future.happen()
        if world.eye.rows(_STOPPED):
            switches.stop_mail(world.office, stop=False)
        if not world.machine.settle():
            raise Broken("All that is due comes to an end.", "It goes in circles.")
        moments = (world.eye.next_moment(world.clock.now), world.future.next_moment())
        moment = min((each for each in moments if each), default=None)
        if moment is None or moment > until:
            return
        world.clock.now = max(world.clock.now, moment)
    raise Broken("All that is due comes to an end.", "It never rests.")
