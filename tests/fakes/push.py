"""A push service that takes what a real one would, and shows what the browser makes of it.

It looks at the signature with the standards' own words and decrypts with the browser's
private key; nothing of the product, nor of the library that signs for it, is used here.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runtime import clock
from tests.fakes.server import Dropped, FakeServer, Fault, Reply, Request

_LONGEST_TOKEN_SECONDS = 24 * 3600
_VAPID = re.compile(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+),\s*k=([\w-]+)")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class FakeBrowser:
    """A browser with a key pair of its own, and what it was shown."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: uuid.uuid4().bytes)
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        """What a browser tells of its keys."""
        return {"p256dh": encoded(self.public), "auth": encoded(self.secret)}

    def decrypt(self, body: bytes) -> bytes:
        """Return the text of a request's body, as RFC 8188 and RFC 8291 have it read."""
        salt, (size, length) = body[:16], struct.unpack("!LB", body[16:21])
        server, cipher = body[21 : 21 + length], body[21 + length :]
        assert 18 <= len(cipher) <= size, "one record, and no more"
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), server)
        shared = self.private.exchange(ec.ECDH(), theirs)
        agreed = _hkdf(self.secret, shared, b"WebPush: info\0" + self.public + server, 32)
        key = _hkdf(salt, agreed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, agreed, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, cipher, None).rstrip(b"\0")
        assert padded.endswith(b"\x02"), "the last record"
        return padded[:-1]


class FakePush(FakeServer):
    """Takes notifications for its browsers from the one signer whom they subscribed with."""

    faults_known = frozenset({"silent", "taken_in_silence", "moved"})

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.signer = ""
        self.claims: list[dict[str, Any]] = []
        self._browsers: dict[str, FakeBrowser] = {}

    def browser(self) -> FakeBrowser:
        """Return a new browser that is reached here."""
        path = f"/push/{uuid.uuid4().hex}"
        self._browsers[path] = FakeBrowser(self.url + path)
        return self._browsers[path]

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        if fault and fault.name == "silent":
            self.wait(None)
            raise Dropped
        if fault and fault.name == "moved":
            return Reply(307, headers={"Location": f"{self.url}/elsewhere"})
        if fault and fault.name.isdecimal():
            after = {"Retry-After": f"{fault.number:g}"} if fault.number else {}
            return Reply(int(fault.name), headers=after)
        browser = self._browsers.get(request.path)
        if browser is None:
            return Reply(404)
        if trouble := self._trouble(request):
            return Reply(400, trouble)
        browser.shown.append(json.loads(browser.decrypt(request.raw)))
        if fault:  # taken, and nobody hears of it
            raise Dropped
        return Reply(201, headers={"Location": f"{self.url}/message/{uuid.uuid4().hex}"})

    def _trouble(self, request: Request) -> str:
        if request.headers.get("content-encoding") != "aes128gcm":
            return "the coding"
        if not request.headers.get("ttl", "").isdecimal():
            return "no TTL"
        form = _VAPID.fullmatch(request.headers.get("authorization", ""))
        if form is None or form[4] != self.signer or not _is_signed(form):
            return "the signature"
        claims = json.loads(decoded(form[2]))
        self.claims.append(claims)
        left = claims["exp"] - clock.now().timestamp()
        if claims["aud"] != self.url or not 0 < left <= _LONGEST_TOKEN_SECONDS:
            return "the claims"
        return "" if claims["sub"].startswith("mailto:") else "nobody to turn to"


def _is_signed(form: "re.Match[str]") -> bool:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(form[4]))
    raw = decoded(form[3])
    numbers = (int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(
        encode_dss_signature(*numbers),
        f"{form[1]}.{form[2]}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    return bool(json.loads(decoded(form[1]))["alg"] == "ES256")


def _hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    extracted = hmac.digest(salt, key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]
