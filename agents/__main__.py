"""``python -m agents``: a process that plays the team until it is told to stop."""

from agents import team
from runtime import wing
from runtime.actors.system import System
from runtime.db import Database
from runtime.models import NodeKind
from runtime.nodes import Heartbeat
from runtime.notifier import Listener, Sender


def main() -> None:
    """Run until SIGTERM; turns in progress end first."""
    settings, stop = wing.enter()
    url = settings.database_url or ""
    db = Database(url, connections=settings.active_agents + 4, hints=Sender(url))
    if wing.await_database(db, stop):
        listener, heartbeat = Listener(url), Heartbeat(db, NodeKind.AGENTS)
        system = System(db, team(), listener, active=settings.active_agents, ended=stop.set)
        for part in (listener, heartbeat, system):
            part.start()
        stop.wait()
        system.stop()
        heartbeat.stop()
        listener.close()
    db.close()


if __name__ == "__main__":
    main()
