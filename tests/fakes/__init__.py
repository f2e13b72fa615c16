"""The outside, in small: HTTP servers that answer as the providers do, and misbehave on demand."""

from tests.fakes.gemini import FakeGemini
from tests.fakes.push import FakePush
from tests.fakes.resend import FakeResend
from tests.fakes.server import FakeServer, Request

__all__ = ["FakeGemini", "FakePush", "FakeResend", "FakeServer", "Request"]
