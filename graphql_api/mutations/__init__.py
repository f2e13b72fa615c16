"""Mutations: what a caller may have done, one file an aggregate.

Each takes one input, opens one transaction, calls one command of the runtime's desk in
it, and answers with what became of it or with why not.  None waits for an agent: what
follows comes over the subscriptions.
"""

from graphql_api.mutations.agents import AgentMutations
from graphql_api.mutations.contacts import ContactMutations
from graphql_api.mutations.drafts import DraftMutations
from graphql_api.mutations.escalations import EscalationMutations
from graphql_api.mutations.follow_ups import FollowUpMutations
from graphql_api.mutations.held import HeldMutations
from graphql_api.mutations.imports import ImportMutations
from graphql_api.mutations.messages import MessageMutations
from graphql_api.mutations.opportunities import OpportunityMutations
from graphql_api.mutations.recommendations import RecommendationMutations
from graphql_api.mutations.replies import ReplyMutations
from graphql_api.mutations.research import ResearchMutations
from graphql_api.mutations.suppressions import SuppressionMutations
from graphql_api.mutations.tasks import TaskMutations
from graphql_api.mutations.workspace import WorkspaceMutations
from graphql_api.sdl import output


@output
class Mutation(
    AgentMutations,
    ContactMutations,
    DraftMutations,
    EscalationMutations,
    FollowUpMutations,
    HeldMutations,
    ImportMutations,
    MessageMutations,
    OpportunityMutations,
    RecommendationMutations,
    ReplyMutations,
    ResearchMutations,
    SuppressionMutations,
    TaskMutations,
    WorkspaceMutations,
):
    """Everything that can be done."""


__all__ = ["Mutation"]
