"""Naming: what a row is called outside, where the house itself has to say it to people."""

import base64


def global_id(type_name: str, key: object) -> str:
    """Return the id under which the API knows a row: ``Type:key`` in base64url, not padded."""
    return base64.urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")
