"""``python -m tests.fakes.gemini_server``: the fake Gemini as a process."""

import argparse

from tests.fakes.gemini import FakeGemini
from tests.fakes.process import run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--faults", default="", help="such as max_tokens,503")
    given = parser.parse_args()
    run(FakeGemini(given.port, delay=given.delay), given.faults)
