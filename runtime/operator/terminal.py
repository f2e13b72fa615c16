"""Terminal: how the operator's commands speak.

Answers go to standard output, so that they can be piped; what went wrong goes to standard
error, as one line that says what to do.
"""

from typing import NoReturn

import typer
from rich.console import Console

WRONG_SETTINGS = 2
FAILED = 1

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(message: str, style: str | None = None) -> None:
    """Print one line; whatever is in it, none of it is taken for markup."""
    out.print(message, style=style, markup=False, soft_wrap=True)


def note(message: str) -> None:
    """Print one line about the work itself, beside the answers."""
    err.print(message, style="dim", markup=False, soft_wrap=True)


def complain(message: str) -> None:
    """Print one line about what is wrong."""
    err.print(message, style="bold red", markup=False, soft_wrap=True)


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Print one line about what is wrong and end the command."""
    complain(message)
    raise typer.Exit(status)
