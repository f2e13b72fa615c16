"""Models: the rows, one aggregate a file.  ``from runtime.models import Task`` is how all ask."""

from runtime.models.agent import Agent
from runtime.models.base import TENANT, Base, Priority, new_id
from runtime.models.crm import Contact, Reply, Suppression
from runtime.models.house import IdempotencyKey, Node, SpentQuota
from runtime.models.opportunity import Opportunity, StageChange
from runtime.models.rails import Call, Event, EventCounter, Message, Timer
from runtime.models.recommendation import Recommendation
from runtime.models.report import Report
from runtime.models.states import (
    CLOSED_STAGE,
    OPEN_CALL,
    OPEN_FOLLOW_UP,
    OPEN_TASK,
    AgentKind,
    AgentStatus,
    ApprovalKind,
    CallKind,
    CallStatus,
    ContactStatus,
    DeliveryStatus,
    DraftStatus,
    EscalationKind,
    FollowUpStatus,
    MessageStatus,
    NodeKind,
    QueueMode,
    RecommendationStatus,
    Role,
    Stage,
    TaskStatus,
    TokenKind,
)
from runtime.models.work import Approval, Draft, Escalation, FollowUp, SentEmail, Task
from runtime.models.workspace import AccessToken, Workspace

__all__ = [
    "CLOSED_STAGE",
    "OPEN_CALL",
    "OPEN_FOLLOW_UP",
    "OPEN_TASK",
    "TENANT",
    "AccessToken",
    "Agent",
    "AgentKind",
    "AgentStatus",
    "Approval",
    "ApprovalKind",
    "Base",
    "Call",
    "CallKind",
    "CallStatus",
    "Contact",
    "ContactStatus",
    "DeliveryStatus",
    "Draft",
    "DraftStatus",
    "Escalation",
    "EscalationKind",
    "Event",
    "EventCounter",
    "FollowUp",
    "FollowUpStatus",
    "IdempotencyKey",
    "Message",
    "MessageStatus",
    "Node",
    "NodeKind",
    "Opportunity",
    "Priority",
    "QueueMode",
    "Recommendation",
    "RecommendationStatus",
    "Reply",
    "Report",
    "Role",
    "SentEmail",
    "SpentQuota",
    "Stage",
    "StageChange",
    "Suppression",
    "Task",
    "TaskStatus",
    "Timer",
    "TokenKind",
    "Workspace",
    "new_id",
]
