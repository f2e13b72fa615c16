"""Demo: the whole story on made-up people and sandbox mail, told in the terminal.

It runs ``rapport up`` on a data directory of its own, out of reach of any real key or
database in the environment, and talks to it as a client.  It ends by itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.operator.demo.api import Api, StepFailedError
from runtime.operator.demo.mailbox import Mailbox
from runtime.operator.demo.stage import Stage
from runtime.operator.demo.story import Story
from runtime.operator.lock import running
from runtime.operator.servers import machine
from runtime.operator.terminal import fail, out
from runtime.process import PARENT_FD

_STARTS_WITHIN = 60.0
_HARMLESS = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TERM", "VIRTUAL_ENV", "PYTHON")


def demo() -> None:
    """Tell the story; exit status 0 only if every step happened."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rapport-demo-"))
    try:
        with _running(folder) as api:
            Story(api, Stage(out), Mailbox(folder)).tell()
    except (StepFailedError, OSError) as error:
        log = (folder / "demo.log").read_text(errors="replace")[-4000:]
        fail(f"This step did not happen: {error}\n{log}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    out.print(f"\n[bold green]Every step happened[/], in {time.monotonic() - began:.0f} s.")


@contextmanager
def _running(folder: Path) -> Iterator[Api]:
    """Run the whole product below ``folder`` and end it afterwards."""
    out.print("Starting PostgreSQL, Valkey, api, agents, worker and clock …", style="dim")
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "runtime", "up", "--port", str(machine.free_port())]
    with (folder / "demo.log").open("wb") as log:
        product = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--data-dir", str(folder)],
            env=_environment() | {PARENT_FD: str(reading)}, pass_fds=[reading],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        api = Api(_address(folder, product), (folder / "token").read_text().strip())
        yield api
        api.close()
    finally:
        os.close(writing)
        os.close(reading)
        product.wait()


def _address(folder: Path, product: "subprocess.Popen[bytes]") -> str:
    """Wait until the product is ready and return where it is."""
    until = time.monotonic() + _STARTS_WITHIN
    while not (found := running(folder)).get("ready"):
        if product.poll() is not None or time.monotonic() > until:
            raise StepFailedError("the product starts")
        time.sleep(0.05)
    return str(found["address"])


def _environment() -> dict[str, str]:
    """Return this environment without any key, database or switch of a real deployment."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_HARMLESS)}
    return kept | {"LOG_LEVEL": "WARNING"}
