"""Enumerations of the schema: the house's own lists of states, under their own names.

Import them from here: a field may only name an enumeration that the schema knows.
"""

from enum import StrEnum

from graphql_api.sdl import enum
from runtime.crm.contact_import import OnDuplicate
from runtime.desk.escalations import EscalationAction
from runtime.models import (
    AgentKind,
    AgentStatus,
    ContactStatus,
    DeliveryStatus,
    DraftStatus,
    EscalationKind,
    FollowUpStatus,
    LawfulBasis,
    MessageStatus,
    Priority,
    QueueMode,
    Role,
    TaskStatus,
)

__all__ = [
    "AgentKind",
    "AgentStatus",
    "ContactStatus",
    "DeliveryStatus",
    "DraftStatus",
    "EmailSending",
    "EscalationAction",
    "EscalationKind",
    "FollowUpStatus",
    "LawfulBasis",
    "MessageStatus",
    "OnDuplicate",
    "Priority",
    "QueueMode",
    "Role",
    "TaskStatus",
]

for _listed in (
    AgentKind,
    AgentStatus,
    ContactStatus,
    DeliveryStatus,
    DraftStatus,
    EscalationAction,
    EscalationKind,
    FollowUpStatus,
    LawfulBasis,
    MessageStatus,
    OnDuplicate,
    Priority,
    QueueMode,
    Role,
    TaskStatus,
):
    enum(_listed)


@enum
class EmailSending(StrEnum):
    """What becomes of an approved e-mail: held back, delivered into the sandbox, really sent."""

    BLOCKED = "BLOCKED"
    SANDBOX = "SANDBOX"
    ENABLED = "ENABLED"
