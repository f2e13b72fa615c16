"""Together: which tests share a process when the suite runs in several.

Tests of one party never meet each other, and share their servers.  All others go one by
one to the process that is free next, the parties first, so that no process ends late.
xdist's own ``loadgroup`` would say so by marks; with this pytest it looks at none of them
(pytest-xdist issue 1386).
"""

from xdist.scheduler import LoadScopeScheduling

_PARTIES = {
    "the whole product": (
        "tests/journeys/test_chaos.py",
        "tests/runtime/operator/test_demo.py",
        "tests/runtime/operator/test_up.py",
    ),
    "servers of the scheduler's own": (
        "tests/scheduler/test_clock.py",
        "tests/scheduler/test_queues.py",
        "tests/scheduler/test_worker.py",
    ),
    "a server of the actors' own": ("tests/runtime/actors/test_system.py",),
}
_WITH_BROWSER = "tests/web/"
"""Each file here is a party too: its tests share one browser."""
PARTY_OF = {file: party for party, files in _PARTIES.items() for file in files}


class InParties(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out the parties as wholes, the largest first, and then the other tests."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith(_WITH_BROWSER) else PARTY_OF.get(file, nodeid)
