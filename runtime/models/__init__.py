"""Models: the rows, one aggregate a file.  ``from runtime.models import Task`` is how all ask."""

from runtime.models.agent import Agent
from runtime.models.base import TENANT, Base, Priority, new_id
from runtime.models.crm import Contact, Reply, Suppression
from runtime.models.house import IdempotencyKey, Node
from runtime.models.rails import Call, Event, EventCounter, Message, Timer
from runtime.models.report import Report
from runtime.models.states import (
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
    LawfulBasis,
    MessageStatus,
    NodeKind,
    QueueMode,
    Role,
    TaskStatus,
    TokenKind,
)
from runtime.models.work import Approval, Draft, Escalation, FollowUp, SentEmail, Task
from runtime.models.workspace import AccessToken, Workspace

__all__ = [
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
    "LawfulBasis",
    "Message",
    "MessageStatus",
    "Node",
    "NodeKind",
    "Priority",
    "QueueMode",
    "Reply",
    "Report",
    "Role",
    "SentEmail",
    "Suppression",
    "Task",
    "TaskStatus",
    "Timer",
    "TokenKind",
    "Workspace",
    "new_id",
]
