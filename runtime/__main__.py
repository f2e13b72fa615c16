"""The operator's command: ``rapport``, also ``python -m runtime``.

It starts the wings as processes and imports none of them.  Each command is carried out by
its file in ``runtime/operator/``.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from runtime import settings
from runtime.crm import workspaces
from runtime.crm.contact_import import OnDuplicate
from runtime.errors import RapportError
from runtime.models import Role
from runtime.operator import access, located, terminal
from runtime.operator.contacts import import_file
from runtime.operator.database import DatabaseError, opened
from runtime.operator.demo import demo as tell_the_story
from runtime.operator.doctor import command as doctor_command
from runtime.operator.lock import running
from runtime.operator.migrations import migrate as run_migrations
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

workspace_app, token_app, import_app = typer.Typer(), typer.Typer(), typer.Typer()
app.add_typer(workspace_app, name="workspace", help="Workspaces: one to a customer.")
app.add_typer(token_app, name="token", help="Bearer tokens: keys to one workspace.")
app.add_typer(import_app, name="import", help="What comes in from files.")

_BY_DEFAULT = "http://127.0.0.1:8000"

Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Where to listen.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
DataDir = Annotated[Path | None, typer.Option(envvar="RAPPORT_DATA_DIR", help="Default: .rapport")]

Workspace = Annotated[str | None, typer.Option(help="Needed when there is more than one.")]


class TokenRole(StrEnum):
    """What a token may do, as it is typed."""

    OWNER = "owner"
    MEMBER = "member"
    VIEWER = "viewer"


@app.command()
def up(port: Port = 8000, host: Host = "127.0.0.1", data_dir: DataDir = None) -> None:
    """Start the whole product, with servers of its own where no URL is given."""
    overrides = {"rapport_data_dir": data_dir} if data_dir else {}
    run_everything(settings.load(**overrides), host, port)


@app.command()
def api(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Run the HTTP door: GraphQL, the page at /, webhooks, health and metrics."""
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
def migrate() -> None:
    """Bring the roles and tables up to date, as the owner of the database."""
    run_migrations(located.locate(settings.load()))


@workspace_app.command("create")
def create_workspace(
    name: str, timezone: Annotated[str, typer.Option(help="Such as Europe/Lisbon.")] = "UTC"
) -> None:
    """Make a workspace, born with one agent of each kind."""
    with opened(located.load()) as db:
        workspaces.create(db, name, timezone=timezone)
    terminal.say(f"Workspace {name} is there.")


@token_app.command("create")
def create_token(
    workspace: Annotated[str, typer.Option(help="The workspace it opens.")],
    role: Annotated[TokenRole, typer.Option(help="What it may do.")],
    name: Annotated[str, typer.Option(help="Who holds it: one token, one person.")] = (
        access.OPERATOR
    ),
) -> None:
    """Make a bearer token and print it, for the only time."""
    with opened(located.load()) as db:
        workspace_id = workspaces.find(db, workspace)
        terminal.say(access.new_token(db, workspace_id, Role[role.name], name=name))


@app.command()
def login(workspace: Workspace = None) -> None:
    """Print the dashboard's address with a fresh code, good once and for five minutes."""
    found = located.load()
    with opened(found) as db:
        workspace_id = access.only_workspace(db, workspace)
        address = found.public_url or running(found.rapport_data_dir).get("address", _BY_DEFAULT)
        terminal.say(f"Dashboard: {access.way_in(db, workspace_id, address)}")


@import_app.command("contacts")
def import_contacts(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    workspace: Workspace = None,
    on_duplicate: Annotated[
        OnDuplicate, typer.Option(case_sensitive=False, help="What a known address means.")
    ] = OnDuplicate.SKIP,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
) -> None:
    """Bring contacts in from a CSV file: each address once, each bad line with its reason."""
    with opened(located.load()) as db:
        workspace_id = access.only_workspace(db, workspace)
        import_file(db, workspace_id, file, on_duplicate, dry_run=dry_run)


@app.command()
def demo() -> None:
    """Tell the whole story in the terminal, on made-up people and sandbox mail."""
    tell_the_story()


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
    except (RapportError, DatabaseError, ServerError) as error:
        terminal.complain(str(error))
        sys.exit(terminal.FAILED)


if __name__ == "__main__":
    main()
