"""Watched: a test's look at who is being told of what."""

import uuid

from graphql_api.feed import Feed


def watching(feed: Feed, workspace_id: uuid.UUID) -> bool:
    """Say whether somebody watches a workspace, and its new rows are being read."""
    return any(
        watched == workspace_id and follower.position is not None
        for (_, watched), follower in feed._followers.items()
    )
