"""Leave: nothing is sent that was not approved."""

from typing import Any

from tests.simulator.invariants.sight import Sight


def given(sight: Sight) -> str | None:
    """Nothing leaves without an approval in force at that moment."""
    if sight.row.leave is None:
        return "There is no approval in force."
    if sight.by_policy:
        return _by_setting(sight)
    if sight.leave is None:
        return f"No person gave the leave that {sight.row.leave} stands for."
    if sight.row.leave == "STANDING":
        return _as_shown(sight, sight.leave.settings_version)
    return None


def _by_setting(sight: Sight) -> str | None:
    if sight.ledger.approval_wanted:
        return "No setting lets mail out without a person."
    if sight.row.follow_up_id is None:
        return None
    return _as_shown(sight, sight.row.first_version)


def _as_shown(sight: Sight, version: int) -> str | None:
    """Return what is wrong with a leave that came with these follow-up settings."""
    if version == sight.row.settings_version:
        return None
    return f"The leave came with settings {version}; now they are {sight.row.settings_version}."


def to_the_letter(sight: Sight) -> str | None:
    """What leaves is what was read, to the letter."""
    row, letter = sight.row, sight.row.envelope
    read: Any = sight.ledger.leaves.get(row.draft_id) if row.leave == "PERSON" else None
    to = read.to if read else row.to_address
    read = read or row
    if letter["to"] != to or to != sight.errand.reader.email:
        return f"It goes to {letter['to']}, and was to go to {to}."
    if letter["subject"] != read.subject or read.body not in letter["text"]:
        return "The text is another than the one that was approved."
    return None
