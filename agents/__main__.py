"""``python -m agents``: a process that plays the team until it is told to stop."""

import sys

from agents import team
from runtime import logs
from runtime.actors.system import System
from runtime.db import Database
from runtime.models import NodeKind
from runtime.nodes import Heartbeat
from runtime.notifier import Listener, Sender
from runtime.operator.located import load
from runtime.process import stop_on_signals, watch_parent
from runtime.settings import SettingsError


def main() -> int:
    """Run until SIGTERM; turns in progress end first.  Return the exit status."""
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_format, settings.log_level)
    stop = stop_on_signals()
    watch_parent(stop)
    url = settings.database_url or ""
    db = Database(url, connections=settings.active_agents, hints=Sender(url))
    db.refuse_unsafe_role()
    listener, heartbeat = Listener(url), Heartbeat(db, NodeKind.AGENTS)
    system = System(db, team(), listener, active=settings.active_agents)
    for part in (listener, heartbeat, system):
        part.start()
    stop.wait()
    system.stop()
    heartbeat.stop()
    listener.close()
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
