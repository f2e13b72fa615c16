"""Pace: not too much leaves in a day, and not too much reaches one person."""

from datetime import timedelta

from tests.simulator.invariants.sight import Sight

_MONTH = timedelta(days=30)


def within_the_cap(sight: Sight) -> str | None:
    """No more mails pass the gate in a day than its cap says; each counts at its first try.

    One that certainly did not leave gives its place back: only what was taken is counted here.
    """
    zone, cap = sight.home, sight.row.workspace_settings.get("dailyCap")
    today, left = sight.now.astimezone(zone).date(), sight.ledger.by_draft()
    many = sum(
        1
        for draft_id, moment in sight.ledger.passed.items()
        if (draft_id in left or draft_id == sight.row.draft_id)
        and moment.astimezone(zone).date() == today
    )
    return f"It is mail {many} of {today}, of {cap}." if cap is not None and many > cap else None


def not_too_often(sight: Sight) -> str | None:
    """Nobody gets more mails within a month than the workspace wants."""
    most = sight.row.workspace_settings.get("contactTouches")
    before = [
        taken.number
        for taken in sight.ledger.taken
        if taken.errand.reader is sight.errand.reader
        and taken.draft_id != sight.row.draft_id
        and not taken.given_up
        and sight.now - taken.at < _MONTH
    ]
    if most is None or len(before) < most:
        return None
    return f"{sight.errand.reader.name} has mails {before} already, of at most {most}."
