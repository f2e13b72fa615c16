"""The same command under the same key is carried out once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from runtime.db import Transaction
from runtime.desk import contacts, repeats
from runtime.errors import Conflict, Refused
from runtime.models import Contact, IdempotencyKey
from tests.house import House


def create(
    house: House, key: str | None, *, email: str = "grace@example.org", operation: str = "create"
) -> Any:
    def once(tx: Transaction) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            made = contacts.create(tx, who="Ada", email=email, name="Grace")
            return {"id": str(made.id)}

        return repeats.once(tx, operation, key, {"email": email}, work)

    return house.db.run(house.workspace_id, once)


def test_the_same_again_has_the_same_result_and_is_done_once(house: House) -> None:
    assert create(house, "k") == create(house, " k ")
    assert len(house.all(Contact)) == 1
    assert house.events("contact.") == ["contact.created"]


def test_the_same_key_with_another_input_is_a_conflict(house: House) -> None:
    create(house, "k")

    with pytest.raises(Conflict) as conflict:
        create(house, "k", email="ada@example.org")

    assert conflict.value.field == "idempotencyKey"
    assert len(house.all(Contact)) == 1


def test_many_at_once_under_one_key_are_one(house: House) -> None:
    together = threading.Barrier(6)

    def come(_n: int) -> str:
        together.wait(10)
        return str(create(house, "k"))

    with ThreadPoolExecutor(6) as people:
        results = set(people.map(come, range(6)))

    assert len(results) == 1
    assert len(house.all(Contact)) == 1


def test_what_was_refused_may_be_tried_again_under_its_key(house: House) -> None:
    with pytest.raises(Refused):
        create(house, "k", email="nonsense")

    assert house.all(IdempotencyKey) == []
    assert create(house, "k")["id"]


def test_a_key_belongs_to_its_operation_and_its_workspace(house: House, other_house: House) -> None:
    ids = {
        create(house, "k")["id"],
        create(house, "k", operation="other", email="ada@example.org")["id"],
        create(other_house, "k")["id"],
    }

    assert len(ids) == 3


def test_without_a_key_each_time_is_another(house: House) -> None:
    create(house, None)

    with pytest.raises(Refused) as again:
        create(house, None)
    assert again.value.reason_code == "CONTACT_EXISTS"


@pytest.mark.parametrize("key", ["", "   ", "x" * 201])
def test_a_key_that_is_none_is_refused(house: House, key: str) -> None:
    with pytest.raises(Refused) as refused:
        create(house, key)

    assert refused.value.field == "idempotencyKey"
    assert house.all(Contact) == []
