"""Finding: one thing the doctor looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do about it (empty when nothing is)."""

    subject: str
    verdict: Verdict
    detail: str
    remedy: str = ""
