"""Links: the types by name, for types that point at each other.

Strawberry follows a link when it builds the schema, so that a file may name the type
of another that names its own.
"""

from typing import TYPE_CHECKING, Annotated

from strawberry import lazy

if TYPE_CHECKING:
    from graphql_api.types.agent import Agent
    from graphql_api.types.approval import Approval
    from graphql_api.types.contact import Contact, Suppression
    from graphql_api.types.draft import Draft
    from graphql_api.types.escalation import Escalation
    from graphql_api.types.fact import Fact, WebPage
    from graphql_api.types.follow_up import FollowUp
    from graphql_api.types.inbound_email import InboundEmail
    from graphql_api.types.opportunity import Opportunity, StageChange
    from graphql_api.types.recommendation import Recommendation
    from graphql_api.types.sent_email import SentEmail
    from graphql_api.types.task import Task

AgentLink = Annotated["Agent", lazy("graphql_api.types.agent")]
ApprovalLink = Annotated["Approval", lazy("graphql_api.types.approval")]
ContactLink = Annotated["Contact", lazy("graphql_api.types.contact")]
DraftLink = Annotated["Draft", lazy("graphql_api.types.draft")]
EscalationLink = Annotated["Escalation", lazy("graphql_api.types.escalation")]
FactLink = Annotated["Fact", lazy("graphql_api.types.fact")]
FollowUpLink = Annotated["FollowUp", lazy("graphql_api.types.follow_up")]
OpportunityLink = Annotated["Opportunity", lazy("graphql_api.types.opportunity")]
RecommendationLink = Annotated["Recommendation", lazy("graphql_api.types.recommendation")]
InboundEmailLink = Annotated["InboundEmail", lazy("graphql_api.types.inbound_email")]
SentEmailLink = Annotated["SentEmail", lazy("graphql_api.types.sent_email")]
StageChangeLink = Annotated["StageChange", lazy("graphql_api.types.opportunity")]
SuppressionLink = Annotated["Suppression", lazy("graphql_api.types.contact")]
TaskLink = Annotated["Task", lazy("graphql_api.types.task")]
WebPageLink = Annotated["WebPage", lazy("graphql_api.types.fact")]
