"""Sentence: one sentence of a draft, and what it rests on."""

import asyncio
from typing import Self
from uuid import UUID

import strawberry

from graphql_api.context import Info
from graphql_api.sdl import field, output
from graphql_api.types.enums import SentenceBasis
from graphql_api.types.links import FactLink
from graphql_api.types.node import present
from runtime import models
from runtime.mail.basis import Judged


@output
class DraftSentence:
    """One sentence of a draft's body, and what it rests on."""

    text: str
    basis: SentenceBasis
    fact_keys: strawberry.Private[tuple[UUID, ...]]

    @field
    async def facts(self, info: Info) -> list[FactLink]:
        """Return the facts that it rests on, those too that were withdrawn since."""
        load = info.context.loaders.row
        rows = await asyncio.gather(*(load(models.Fact, key) for key in self.fact_keys))
        return [present(row) for row in rows if row is not None]

    @classmethod
    def of(cls, judged: Judged) -> Self:
        """Show a sentence."""
        return cls(text=judged.text, basis=judged.basis, fact_keys=tuple(map(UUID, judged.facts)))
