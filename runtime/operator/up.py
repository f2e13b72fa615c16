"""Up: the whole product in one terminal, until Ctrl-C."""

from runtime.operator import access
from runtime.operator.database import opened
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
        _see_to_the_first_workspace(house)
        house.start_wings()
        if house.await_ready(stop):
            _print_the_way_in(house)
            house.keep(stop)
    finally:
        house.close()


def _warn(given: Settings) -> None:
    if given.allow_email_sending and given.email_sending == "SANDBOX":
        complain("ALLOW_EMAIL_SENDING is true, but RESEND_API_KEY is not set: mail stays here.")


def _see_to_the_first_workspace(house: House) -> None:
    with opened(house.settings) as db:
        access.keep_owner_token(db, access.first_workspace(db), house.data_dir / "token")


def _print_the_way_in(house: House) -> None:
    with opened(house.settings) as db:
        say(f"Dashboard: {access.way_in(db, access.first_workspace(db), house.address)}")
