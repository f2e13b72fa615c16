"""Up: the whole product in one terminal, until Ctrl-C."""

from runtime.operator.house import House
from runtime.operator.terminal import complain, note, say
from runtime.process import stop_on_signals, watch_parent
from runtime.settings import Settings


def up(given: Settings, host: str, port: int) -> None:
    """Start everything, print the dashboard's address, keep it all alive until told to stop."""
    stop = stop_on_signals()
    watch_parent(stop)
    house = House(given, host, port, note)
    house.lock()
    try:
        _warn(given)
        house.start_servers()
        house.start_wings()
        if house.await_ready(stop):
            say(f"Dashboard: {house.address}/")
            house.keep(stop)
    finally:
        note("Ending: what is in hand is finished first.")
        house.close()


def _warn(given: Settings) -> None:
    if given.allow_email_sending and given.email_sending == "SANDBOX":
        complain("ALLOW_EMAIL_SENDING is true, but RESEND_API_KEY is not set: mail stays here.")
