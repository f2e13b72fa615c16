"""``python -m tests.fakes.resend_server``: the fake Resend as a process.

With ``--log`` each accepted mail is appended to a file as one line of JSON.
"""

import argparse
from pathlib import Path

from tests.fakes.process import run
from tests.fakes.resend import FakeResend

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--faults", default="", help="such as 429:1,drop,500")
    given = parser.parse_args()
    run(FakeResend(given.port, delay=given.delay, log=given.log), given.faults)
