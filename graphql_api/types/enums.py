"""Enumerations of the schema: the house's own lists of states, under their own names.

Import them from here: a field may only name an enumeration that the schema knows.
"""

from enum import StrEnum

from graphql_api.sdl import enum
from runtime.crm.contact_import import OnDuplicate
from runtime.crm.enrolment import IfEnrolled
from runtime.desk.escalations import EscalationAction
from runtime.insight.metrics import InsightMetric
from runtime.mail.basis import SentenceBasis
from runtime.mail.breaker import BreakerState
from runtime.mail.staleness import StaleCode
from runtime.models import (
    AgentKind,
    AgentStatus,
    ApprovalKind,
    Confidence,
    ContactStatus,
    DeliveryStatus,
    DraftStatus,
    EscalationKind,
    FactSource,
    FollowUpStatus,
    InboundStatus,
    LawfulBasis,
    MatchedBy,
    MessageStatus,
    Priority,
    PushKind,
    QueueMode,
    RecommendationStatus,
    Role,
    Stage,
    TaskStatus,
)

__all__ = [
    "AgentKind",
    "AgentStatus",
    "ApprovalKind",
    "BreakerState",
    "Confidence",
    "ContactStatus",
    "DeliveryStatus",
    "DraftStatus",
    "EmailSending",
    "EscalationAction",
    "EscalationKind",
    "FactSource",
    "FollowUpStatus",
    "IfEnrolled",
    "InboundStatus",
    "InsightMetric",
    "LawfulBasis",
    "MatchedBy",
    "MessageStatus",
    "OnDuplicate",
    "Priority",
    "PushKind",
    "QueueMode",
    "RecommendationStatus",
    "Role",
    "SentenceBasis",
    "Stage",
    "StaleCode",
    "TaskStatus",
]

for _listed in (
    AgentKind,
    AgentStatus,
    ApprovalKind,
    BreakerState,
    Confidence,
    ContactStatus,
    DeliveryStatus,
    DraftStatus,
    EscalationAction,
    EscalationKind,
    FactSource,
    FollowUpStatus,
    IfEnrolled,
    InboundStatus,
    InsightMetric,
    MatchedBy,
    LawfulBasis,
    MessageStatus,
    OnDuplicate,
    Priority,
    PushKind,
    QueueMode,
    RecommendationStatus,
    Role,
    SentenceBasis,
    Stage,
    StaleCode,
    TaskStatus,
):
    enum(_listed)


@enum
class EmailSending(StrEnum):
    """What becomes of an approved e-mail: held back, delivered into the sandbox, really sent."""

    BLOCKED = "BLOCKED"
    SANDBOX = "SANDBOX"
    ENABLED = "ENABLED"
