"""The types of the schema, one aggregate a file: how a row looks from outside.

A type is filled from its row (``of``); what hangs on the row is declared beside its
fields (``related``) and loaded only when somebody asks for it.
"""

from graphql_api.types.agent import Agent
from graphql_api.types.approval import Approval
from graphql_api.types.contact import Contact, Reply, Suppression
from graphql_api.types.draft import Draft
from graphql_api.types.escalation import Escalation
from graphql_api.types.event import Event
from graphql_api.types.fact import Fact, WebPage
from graphql_api.types.follow_up import FollowUp
from graphql_api.types.inbound_email import InboundEmail
from graphql_api.types.insight import Insight
from graphql_api.types.message import Message
from graphql_api.types.opportunity import Opportunity, StageChange
from graphql_api.types.push import PushSubscription
from graphql_api.types.recommendation import Recommendation
from graphql_api.types.sent_email import SentEmail
from graphql_api.types.task import Task
from graphql_api.types.why_not import WhyNot
from graphql_api.types.workspace import System, Viewer, Workspace

__all__ = [
    "Agent",
    "Approval",
    "Contact",
    "Draft",
    "Escalation",
    "Event",
    "Fact",
    "FollowUp",
    "InboundEmail",
    "Insight",
    "Message",
    "Opportunity",
    "PushSubscription",
    "Recommendation",
    "Reply",
    "SentEmail",
    "StageChange",
    "Suppression",
    "System",
    "Task",
    "Viewer",
    "WebPage",
    "WhyNot",
    "Workspace",
]
