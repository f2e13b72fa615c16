"""Endpoints: where a browser says it is reached, and whether that is a push service at all.

Whoever may subscribe tells us an address to call.  It must not be one of our own network,
so only services that browsers really use are called, by name, over TLS, on its own port.
"""

import re
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from runtime.errors import Refused
from runtime.push import keys
from runtime.settings import Settings

Check = Callable[[str], None]
"""Raises Refused on ``endpoint`` unless it may be called."""

KNOWN = (
    "fcm.googleapis.com",
    *("updates.push.services.mozilla.com", "*.updates.push.services.mozilla.com"),
    "*.push.apple.com",
    "*.notify.windows.com",
)
_LONGEST = 2000
# Stricter than the standards, so that every reader of addresses finds the same host in it.
_FORM = re.compile(
    r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?/[A-Za-z0-9._~:/?=&%+,;@!$'()*-]*"
)
_POINT_BYTES, _SECRET_BYTES = 65, 16


def check(settings: Settings) -> Check:
    """Return the check of this deployment: the known services, and those of PUSH_HOSTS."""
    hosts = (*KNOWN, *(settings.push_hosts or "").split(","))

    def refuse_strange(endpoint: str) -> None:
        form = _FORM.fullmatch(endpoint) if len(endpoint) <= _LONGEST else None
        if form is None or not any(_is(form[1], host) for host in hosts):
            raise Refused(
                "This is not the https address of a push service that is known here; "
                "an operator can add its host to PUSH_HOSTS.",
                code="STRANGE_ENDPOINT",
                field="endpoint",
            )

    return refuse_strange


def refuse_malformed_keys(p256dh: str, auth: str) -> None:
    """Raise Refused on ``p256dh`` or ``auth`` unless a notification can be encrypted for them."""
    if not _is_point(p256dh):
        raise _malformed("p256dh", "a point of P-256, 65 bytes")
    try:
        secret = keys.raw(auth)
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        raise _malformed("auth", "a secret of 16 bytes")


def _is_point(text: str) -> bool:
    try:
        point = keys.raw(text)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == _POINT_BYTES


def _malformed(field: str, form: str) -> Refused:
    return Refused(f"{field} must be {form}, as base64url.", code="MALFORMED", field=field)


def _is(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed
