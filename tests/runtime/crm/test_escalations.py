"""Escalations: one cause asks once."""

from concurrent.futures import ThreadPoolExecutor

from runtime.crm import escalations
from runtime.desk import contacts
from runtime.models import Escalation, EscalationKind
from tests.house import House


def ask(house: House, key: str = "cause") -> bool:
    with house.tx() as tx:
        asked = escalations.ask(
            tx, EscalationKind.QUESTION, "What now?", dedup_key=key, actor="outreach"
        )
        return asked is not None


def test_one_cause_asks_once_and_is_one_event(house: House) -> None:
    assert [ask(house), ask(house), ask(house, "another")] == [True, False, True]
    assert len(house.escalations()) == 2
    assert house.events("escalation.") == ["escalation.opened"] * 2


def test_many_who_ask_at_once_ask_once(house: House) -> None:
    with ThreadPoolExecutor(5) as askers:
        assert sum(askers.map(lambda _: ask(house), range(10))) == 1

    assert len(house.all(Escalation)) == 1


def test_the_same_cause_in_two_workspaces_is_two_causes(house: House, other_house: House) -> None:
    assert ask(house)
    assert ask(other_house)


def test_a_late_answer_settles_what_asked_because_there_was_none(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(minutes=1)
    assert len(house.escalations()) == 1

    house.run(contacts.record_reply, contact_id=task.contact_id, text="Here I am.")

    assert house.escalations() == []
    [settled] = house.all(Escalation)
    assert (settled.resolved_by, settled.resolution) == ("Ada", "The contact replied.")
