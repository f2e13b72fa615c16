"""``make bench``: measure, print, compare.  Nothing here passes or fails."""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import drafts, messages, peer, stream, window
from runtime import logs
from runtime.migrate import migrate
from runtime.operator.servers import Postgres, Valkey


def main() -> None:
    """Run all measurements, one after the other, on servers of their own."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how much of each; 1 takes a minute"
    )
    scale = parser.parse_args().scale
    logs.configure("console", "WARNING")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs, handled = _beside(folder / "beside", scale)
        drafted = drafts.drafted_per_second(folder / "drafts", int(600 * scale))
        seconds = stream.latencies(folder / "stream", int(1000 * scale))
        today = window.under_load(folder / "window", int(500 * scale), 20 * scale)
    _show(jobs, handled, drafted, seconds, today)


def _beside(folder: Path, scale: float) -> tuple[float, float]:
    """Measure plain RQ and the mailbox one after the other, on the same servers."""
    postgres, valkey = Postgres(folder), Valkey(folder)
    postgres.start()
    valkey.start()
    try:
        migrate(postgres.owner_url, postgres.app_password)
        jobs = peer.jobs_per_second(valkey.url, int(1500 * scale))
        return jobs, messages.handled_per_second(postgres.app_url, int(24_000 * scale))
    finally:
        valkey.stop()
        postgres.stop()


def _show(
    jobs: float, handled: float, drafted: float, seconds: list[float], today: window.Seen
) -> None:
    p50, p99 = (seconds[int(len(seconds) * share)] * 1000 for share in (0.5, 0.99))
    table = Table("measured", "result", "beside", title="Rapport, measured")
    table.add_row("plain RQ: no-op jobs, one SimpleWorker", f"{jobs:,.0f}/s", "the peer")
    table.add_row(
        "messages handled, one agents process",
        f"{handled:,.0f}/s",
        f"{handled / jobs:.1f} x that",
    )
    table.add_row(
        f"drafts, writer of {drafts.WRITER_SECONDS:g} s, one worker",
        f"{drafted:,.1f}/s",
        f"{drafted * drafts.WRITER_SECONDS:.0f} x one at a time",
    )
    table.add_row("commit to subscriber", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", "")
    table.add_row("Today, its queue full: shown after", f"{today.shown:.0f} ms", "")
    table.add_row(
        f"the same under {window.EVENTS_A_MINUTE:,} events a minute: longest task",
        f"{today.longest:.0f} ms" if today.longest else "below 50 ms",
        f"{today.requests:.1f} requests a second",
    )
    Console().print(table)


if __name__ == "__main__":
    main()
