"""Sealing: a notification encrypted for one browser (RFC 8291, in the coding of RFC 8188).

The push service in between sees its length and nothing else.  The primitives are
cryptography's; the example of the RFC's appendix is a test.
"""

import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096
"""Bytes: push services take one record, and none longer."""
LONGEST = 3000
"""Bytes of a text that surely fit into a record."""
_LAST_RECORD = b"\x02"


def seal(
    text: bytes,
    browser: bytes,
    secret: bytes,
    *,
    ours: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body of a request to a push service.

    ``browser``: its public key (p256dh); ``secret``: its auth.  ``ours`` and ``salt`` are made
    anew for each text; only a test gives them.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a notification has {LONGEST} bytes at most")
    ours = ours or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser)
    shared = ours.exchange(ec.ECDH(), theirs)
    key, nonce = derived(shared, secret, salt, browser=browser, server=point)
    head = salt + struct.pack("!LB", RECORD, len(point)) + point
    return head + AESGCM(key).encrypt(nonce, text + _LAST_RECORD, None)


def derived(
    shared: bytes, secret: bytes, salt: bytes, *, browser: bytes, server: bytes
) -> tuple[bytes, bytes]:
    """Return the key and the nonce that both sides come to."""
    both = b"WebPush: info\0" + browser + server
    agreed = _hkdf(shared, secret, both, 32)
    return (
        _hkdf(agreed, salt, b"Content-Encoding: aes128gcm\0", 16),
        _hkdf(agreed, salt, b"Content-Encoding: nonce\0", 12),
    )


def _hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(key)
