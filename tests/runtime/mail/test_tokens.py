"""Tokens lead back to a mail, in its own workspace only."""

from runtime.mail import tokens
from runtime.mail.tokens import REPLY, UNSUBSCRIBE
from tests.house import House


def test_a_token_finds_its_mail_and_its_workspace(house: House) -> None:
    [mail] = house.sent(house.a_sent_task())
    with house.tx() as tx:
        token = tokens.token(tx, mail.draft_id, REPLY)
        found = tokens.mail_of(tx, token, REPLY)

    with house.db.dispatch() as connection:
        assert tokens.owners(connection, token) == [house.workspace_id]
    assert found is not None
    assert found.id == mail.id


def test_a_token_for_another_purpose_finds_nothing(house: House) -> None:
    [mail] = house.sent(house.a_sent_task())
    with house.tx() as tx:
        token = tokens.token(tx, mail.draft_id, REPLY)

        assert tokens.mail_of(tx, token, UNSUBSCRIBE) is None


def test_a_token_of_another_workspace_finds_nothing(house: House, other_house: House) -> None:
    [mail] = house.sent(house.a_sent_task())
    with other_house.tx() as tx:
        theirs = tokens.token(tx, mail.draft_id, REPLY)

    with house.tx() as tx:
        assert tokens.mail_of(tx, theirs, REPLY) is None
    with other_house.tx() as tx:
        assert tokens.mail_of(tx, theirs, REPLY) is None


def test_what_is_no_token_finds_nobody(house: House) -> None:
    with house.db.dispatch() as connection:
        assert tokens.owners(connection, "x") == []
