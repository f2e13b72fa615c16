"""The team's settings: what is left out has its default, and each change is another version."""

import sqlalchemy as sa

from runtime.crm import team
from runtime.crm.team import FollowUpSettings, OutreachSettings
from runtime.models import AgentKind
from tests.house import House


def test_the_defaults_are_those_of_the_contract(house: House) -> None:
    outreach, follow_up = house.agent(AgentKind.OUTREACH), house.agent(AgentKind.FOLLOW_UP)

    assert outreach.settings["requireApproval"] is True
    assert follow_up.settings["requireApproval"] is False
    assert follow_up.settings["waits"] == ["P3D", "P4D", "P7D"]
    assert follow_up.settings["businessDaysOnly"] is True


def test_a_row_of_an_older_release_still_reads(house: House) -> None:
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE agents SET settings = '{}'"))

    follow_up = team.settings_of(house.agent(AgentKind.FOLLOW_UP), FollowUpSettings)
    outreach = team.settings_of(house.agent(AgentKind.OUTREACH), OutreachSettings)
    assert follow_up == FollowUpSettings()
    assert outreach == OutreachSettings()


def test_the_version_rises_with_a_change_and_with_nothing_else(house: House) -> None:
    versions = [house.agent(AgentKind.FOLLOW_UP).settings_version]
    for waits in (["PT2S"], ["PT2S"], ["PT2.0S"], ["PT3S"]):
        house.follow_up_settings(waits=waits)
        versions.append(house.agent(AgentKind.FOLLOW_UP).settings_version)

    assert versions == [1, 2, 2, 2, 3]


def test_waits_are_kept_in_one_spelling(house: House) -> None:
    house.follow_up_settings(waits=["PT24H", "P1W", "PT90S"])

    assert house.agent(AgentKind.FOLLOW_UP).settings["waits"] == ["P1D", "P7D", "PT1M30S"]


def test_what_is_not_named_stays(house: House) -> None:
    house.outreach_settings(tone="warm", maxAttempts=3)
    house.outreach_settings(signature="Ada")

    settings = team.settings_of(house.agent(AgentKind.OUTREACH), OutreachSettings)
    assert (settings.tone, settings.max_attempts, settings.signature) == ("warm", 3, "Ada")
