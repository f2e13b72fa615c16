"""Stage: how the story looks in a terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table


class Stage:
    """Prints steps and what became of them.  All text from outside is shown as it is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps = 0

    def step(self, title: str) -> None:
        """Begin a step."""
        self._steps += 1
        self._console.print(f"\n[bold cyan]{self._steps}.[/] [bold]{escape(title)}[/]")

    def line(self, text: str) -> None:
        """Say one thing within a step."""
        self._console.print(Padding(escape(text), (0, 0, 0, 3), expand=False))

    def imported(self, outcome: dict[str, Any]) -> None:
        """Show what an import did, each bad line with its reason."""
        counts = ", ".join(f"{outcome[name]} {name}" for name in ("created", "updated", "skipped"))
        self.line(f"{counts}, {len(outcome['failed'])} failed")
        for failure in outcome["failed"]:
            self._console.print(f"   [red]line {failure['line']}[/]: {escape(failure['reason'])}")

    def draft(self, name: str, draft: dict[str, Any]) -> None:
        """Show a draft as a person reads it before deciding."""
        title = f"to {escape(name)} · version {draft['version']} · by {escape(draft['writer'])}"
        text = f"[bold]{escape(draft['subject'])}[/]\n\n{escape(draft['body'].strip())}"
        self._console.print(Panel(text, title=title, title_align="left", width=88, style="dim"))

    def sent(self, name: str, mail: dict[str, Any]) -> None:
        """Show a mail's way through the gate."""
        passed = sum(check["passed"] for check in mail["receipt"])
        checks = f"{passed} of {len(mail['receipt'])} checks passed"
        self.line(f"✓ {name}: {mail['status']} by {mail['transport']}, {checks}")

    def follow_ups(self, task: dict[str, Any]) -> None:
        """Show the follow-ups of a task and why each is where it is."""
        for follow_up in task["followUps"]:
            reason = f": {follow_up['reason']}" if follow_up["reason"] else ""
            step = f"{follow_up['step']} of {follow_up['maxSteps']}"
            self.line(f"follow-up {step} {follow_up['status']}{reason}")

    def mails(self, mails: list[dict[str, Any]]) -> None:
        """Show every mail that left, in order."""
        table = Table(box=None, padding=(0, 2, 0, 3), header_style="dim")
        for column, least in (("sent at", 8), ("status", 4), ("to", 30), ("subject", 20)):
            table.add_column(column, no_wrap=True, min_width=least)
        for mail in sorted(mails, key=lambda m: m["sentAt"] or ""):
            moment = (mail["sentAt"] or "")[11:19]
            table.add_row(moment, mail["status"], escape(mail["to"]), escape(mail["subject"]))
        self._console.print(table)
