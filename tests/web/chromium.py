"""Chromium: the one that npm brought, the same everywhere; elsewhere than on Linux the machine's.

CHROMIUM names another, by its path or as one of the names below.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).parents[2] / "web"
NPM = "npm"
_OURS = WEB / "node_modules" / ".chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_UNPACK = (
    "import('@sparticuz/chromium').then(({ default: it }) => it.executablePath())"
    ".then((path) => process.stdout.write(path))"
)


def options(which: str | None = None) -> dict[str, Any]:
    """Return how Playwright launches a browser here; ``which`` names one as CHROMIUM would."""
    named = which or os.environ.get("CHROMIUM") or (NPM if sys.platform == "linux" else "")
    found = _unpacked() if named == NPM else {"executable_path": _installed(named)}
    # Containers have no namespaces to build its sandbox from; it sees our own pages only.
    return found | {"args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]}


def _installed(named: str) -> str:
    places = map(shutil.which, [named] if named else [*_NAMES, _MAC])
    found = next(filter(None, places), None)
    if found is None:
        raise FileNotFoundError(
            f"No browser {named or 'Chromium or Chrome'}: name one in CHROMIUM."
        )
    return found


def _unpacked() -> dict[str, Any]:
    """Unpack npm's browser, with the libraries and fonts that a bare machine lacks, once."""
    _OURS.mkdir(exist_ok=True)
    with (_OURS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # It brings its libraries only where it believes itself in a cloud function.
        env = os.environ | {"TMPDIR": str(_OURS), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - our own Node and words
            [Path(sys.executable).with_name("node"), "--input-type=module", "--eval", _UNPACK],
            cwd=WEB,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        # Its own list of fonts names folders of a cloud function; without any, text has no size.
        (_OURS / "fonts.conf").write_text(
            f"<fontconfig><dir>{_OURS}/fonts</dir><cachedir>{_OURS}/cache</cachedir></fontconfig>"
        )
    beside = {
        "LD_LIBRARY_PATH": str(_OURS / "al2023/lib"),
        "FONTCONFIG_FILE": str(_OURS / "fonts.conf"),
    }
    return {"executable_path": done.stdout, "env": os.environ | beside}
