"""Chromium: where there is one on this machine, or else the one that npm brought."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_UNPACK = (
    "import('@sparticuz/chromium').then(({ default: it }) => it.executablePath())"
    ".then((path) => process.stdout.write(path))"
)


@cache
def executable() -> str:
    """Return the path of a browser; CHROMIUM names another than the one that is found."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None and _MAC.exists():
        found = str(_MAC)
    return found or _unpacked()


def _unpacked() -> str:
    node = Path(sys.executable).with_name("node")
    command = [str(node), "--input-type=module", "--eval", _UNPACK]
    # It brings the libraries that it needs only where it believes itself in a cloud function.
    env = {**os.environ, "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - the environment's Node and our own words
        command, cwd=WEB, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout
