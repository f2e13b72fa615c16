"""Command: the doctor's report in the terminal."""

import typer

from runtime.operator.doctor import examine
from runtime.operator.doctor.finding import Finding, Verdict
from runtime.operator.terminal import FAILED, out, say
from runtime.settings import Settings

_MARKS: dict[Verdict, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "warning": ("!", "yellow"),
    "fault": ("✗", "bold red"),
}


def report(settings: Settings) -> None:
    """Print each finding as it is known; exit 1 if one of them is a fault."""
    faults = 0
    for finding in examine(settings):
        _show(finding)
        faults += finding.verdict == "fault"
    if faults:
        raise typer.Exit(FAILED)


def _show(finding: Finding) -> None:
    mark, style = _MARKS[finding.verdict]
    out.print(f"{mark} ", style=style, end="")
    say(f"{finding.subject:<15} {finding.detail}")
    if finding.remedy:
        say(f"  {'':<15} → {finding.remedy}", style="dim")
