"""Research: pages listed and taken off the list, facts taken away."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import once, optional_key, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Fact, WebPage
from graphql_api.types.enums import Role
from runtime import models
from runtime.desk import research


@entry
class AddWebPageInput:
    """A public page, and the contact or the company that it is about."""

    url: str
    contact_id: ID | None = None
    company: str | None = None
    idempotency_key: str | None = None


@entry
class RemoveWebPageInput:
    """Which page is no longer read."""

    web_page_id: ID


@entry
class WithdrawFactInput:
    """Which fact is wrong, or not to be used."""

    fact_id: ID


@output
class WebPagePayload:
    """The page as it is, or last was, or why nothing was done."""

    web_page: WebPage | None
    user_errors: list[UserError]


@output
class FactPayload:
    """The fact as it now is, or why nothing was done."""

    fact: Fact | None
    user_errors: list[UserError]


@output
class ResearchMutations:
    """What can be done about research."""

    @field
    async def add_web_page(
        self,
        info: Info,
        input: AddWebPageInput,  # noqa: A002 - the contract's name
    ) -> WebPagePayload:
        """List a page; the research agent reads it when it next looks somebody up."""
        work = once(
            info,
            models.WebPage,
            input,
            lambda tx: research.add_page(
                tx,
                who=info.context.caller.name,
                url=input.url,
                contact_id=optional_key(input.contact_id, "Contact", "contactId"),
                company=input.company,
            ),
        )
        page, refused = await perform(info, Role.MEMBER, work)
        return WebPagePayload(web_page=page, user_errors=refused)

    @field
    async def remove_web_page(
        self,
        info: Info,
        input: RemoveWebPageInput,  # noqa: A002 - the contract's name
    ) -> WebPagePayload:
        """Take a page off the list; the facts that were found there go with it."""
        page, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: research.remove_page(
                tx,
                who=info.context.caller.name,
                page_id=ids.require(input.web_page_id, "WebPage", "webPageId"),
            ),
        )
        return WebPagePayload(web_page=page, user_errors=refused)

    @field
    async def withdraw_fact(
        self,
        info: Info,
        input: WithdrawFactInput,  # noqa: A002 - the contract's name
    ) -> FactPayload:
        """Take a fact away for good; what was written with it keeps saying so."""
        fact, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: research.withdraw_fact(
                tx,
                who=info.context.caller.name,
                fact_id=ids.require(input.fact_id, "Fact", "factId"),
            ),
        )
        return FactPayload(fact=fact, user_errors=refused)
