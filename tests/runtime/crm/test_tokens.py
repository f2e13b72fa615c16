"""Tokens: shown once, good for one workspace, and closed when they are to be closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from runtime.crm import tokens
from runtime.models import AccessToken, Role, TokenKind
from tests.house import House


def make(house: House, role: Role = Role.MEMBER, lives: timedelta | None = None) -> str:
    with house.tx() as tx:
        return tokens.create(tx, name="Ada", role=role, lives=lives)


def a_code(house: House) -> str:
    with house.tx() as tx:
        return tokens.create_code(tx, name="Ada", role=Role.OWNER)


def test_a_token_says_who_is_at_the_door_and_of_which_workspace(
    house: House, other_house: House
) -> None:
    for each, role in ((house, Role.VIEWER), (other_house, Role.OWNER)):
        viewer = tokens.viewer(each.db, make(each, role))
        assert viewer
        assert (viewer.workspace_id, viewer.name, viewer.role) == (each.workspace_id, "Ada", role)
        assert viewer.kind is TokenKind.API


def test_only_the_hash_is_kept(house: House) -> None:
    clear = make(house)

    with house.tx() as tx:
        row = tx.scalar(sa.text("SELECT t::text FROM access_tokens AS t"))
    assert clear not in row
    assert clear.removeprefix("rpt_") not in row
    assert not any(clear in str(vars(event)) for event in house.all(AccessToken))


@pytest.mark.parametrize(
    "wrong", ["", "rpt_", "rpt_nonsense", "Bearer x", "rpt_" + "x" * 500, "rpt_\x00", "rpt_ü"]
)
def test_what_is_no_token_opens_nothing(house: House, wrong: str) -> None:
    assert tokens.viewer(house.db, wrong) is None
    assert tokens.redeem(house.db, wrong) is None


def test_a_token_ends_at_its_time_and_when_it_is_revoked(house: House) -> None:
    short, revoked = make(house, lives=timedelta(hours=1)), make(house)
    viewer = tokens.viewer(house.db, revoked)
    assert viewer
    assert tokens.viewer(house.db, short)
    for _ in range(2):
        with house.tx() as tx:
            tokens.revoke(tx, viewer.token_id)
    house.clock.advance(hours=1)

    assert tokens.viewer(house.db, revoked) is None
    assert tokens.viewer(house.db, short) is None


def test_nobody_revokes_a_token_of_another_workspace(house: House, other_house: House) -> None:
    clear = make(house)
    viewer = tokens.viewer(house.db, clear)
    assert viewer

    with other_house.tx() as tx:
        tokens.revoke(tx, viewer.token_id)

    assert tokens.viewer(house.db, clear) == viewer


def test_a_login_code_is_traded_once_for_a_session_and_opens_nothing_itself(house: House) -> None:
    code = a_code(house)
    assert tokens.viewer(house.db, code) is None

    session = tokens.redeem(house.db, code)

    assert session
    viewer = tokens.viewer(house.db, session)
    assert viewer
    assert (viewer.kind, viewer.role, viewer.name) == (TokenKind.SESSION, Role.OWNER, "Ada")
    assert tokens.redeem(house.db, code) is None
    house.clock.advance(seconds=tokens.SESSION_LIVES.total_seconds())
    assert tokens.viewer(house.db, session) is None


def test_of_many_who_come_with_one_code_one_gets_in(house: House) -> None:
    code = a_code(house)

    with ThreadPoolExecutor(5) as guests:
        sessions = list(guests.map(lambda _: tokens.redeem(house.db, code), range(5)))

    assert len([session for session in sessions if session]) == 1


def test_a_code_is_too_old_after_five_minutes(house: House) -> None:
    code = a_code(house)
    house.clock.advance(minutes=5)

    assert tokens.redeem(house.db, code) is None


def test_an_api_token_or_a_session_is_no_code(house: House) -> None:
    assert tokens.redeem(house.db, make(house)) is None
    session = tokens.redeem(house.db, a_code(house))
    assert session
    assert tokens.redeem(house.db, session) is None


def test_each_role_includes_those_below_it() -> None:
    assert [[role.may(needed) for needed in Role] for role in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
