"""The operator's command: ``rapport``, also ``python -m runtime``.

It starts the wings as processes and imports none of them.  Each command is carried out by
its file in ``runtime/operator/``.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from runtime import settings
from runtime.errors import RapportError
from runtime.operator import located, terminal
from runtime.operator.doctor import command as doctor_command
from runtime.operator.servers.machine import ServerError
from runtime.operator.up import up as run_everything
from runtime.settings import SettingsError

app = typer.Typer(
    name="rapport",
    help="A team of agents that does outreach, and asks before it sends.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Where to listen.")]
Host = Annotated[str, typer.Option(envvar="HOST", help="The address to listen on.")]
DataDir = Annotated[Path | None, typer.Option(envvar="RAPPORT_DATA_DIR", help="Default: .rapport")]


@app.command()
def up(port: Port = 8000, host: Host = "127.0.0.1", data_dir: DataDir = None) -> None:
    """Start the whole product, with servers of its own where no URL is given."""
    overrides = {"rapport_data_dir": data_dir} if data_dir else {}
    run_everything(settings.load(**overrides), host, port)


@app.command()
def api(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Run the HTTP door: GraphQL, dashboard, webhooks."""
    _become("graphql_api", "--host", host, "--port", str(port))


@app.command()
def agents() -> None:
    """Run a node of the team."""
    _become("agents")


@app.command()
def worker() -> None:
    """Run a worker: the calls to the outside."""
    _become("scheduler", "worker")


@app.command()
def clock() -> None:
    """Run the clock: what falls due, falls due here."""
    _become("scheduler", "clock")


@app.command()
def doctor() -> None:
    """Check everything the product needs, and say what to do about each fault."""
    doctor_command.report(located.locate(settings.load()))


def _become(*module: str) -> None:
    """Go on as another Python program in this process, so that signals reach it alone."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 - our own wing


def main() -> None:
    """Run the command line; what people can put right is one line, not a traceback."""
    try:
        app()
    except SettingsError as error:
        terminal.complain(str(error))
        sys.exit(terminal.WRONG_SETTINGS)
    except (RapportError, ServerError) as error:
        terminal.complain(str(error))
        sys.exit(terminal.FAILED)


if __name__ == "__main__":
    main()
