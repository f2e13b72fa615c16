"""Doctor: looks at everything a deployment needs, and says what to do about each fault.

A look changes nothing and sends nothing.  One that cannot be taken is a finding too.
"""

from collections.abc import Iterator

from runtime.operator.doctor import keys, notifications, servers, webhooks
from runtime.operator.doctor.finding import Finding
from runtime.settings import Settings

__all__ = ["Finding", "examine"]


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield one finding after the other, as soon as each is known."""
    yield from servers.database(settings.database_url)
    yield from servers.redis_server(settings.redis_url)
    yield from keys.examine(settings)
    yield from webhooks.examine(settings)
    yield from notifications.examine(settings)
