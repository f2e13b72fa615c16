"""The worker fetches what came in, and takes it in once, whoever dies over it."""

from runtime import arrivals
from runtime import clock as time_now
from runtime.models import InboundEmail, InboundStatus
from tests.fakes import FakeResend
from tests.house import House
from tests.scheduler.conftest import Start
from tests.scheduler.integrations.letters import resend_settings
from tests.scheduler.patience import until


def test_a_running_worker_fetches_what_is_announced_and_keeps_it_in_the_only_workspace(
    house: House, start_worker: Start
) -> None:
    from scheduler.integrations.resend import ResendMailer  # noqa: PLC0415 - half a second

    with FakeResend() as fake:
        email_id = fake.receive(text="Hello there.")
        fake.fail_looks("500")
        with house.db.house() as connection:
            now = time_now.now()
            arrivals.note(
                connection,
                provider_email_id=email_id,
                svix_id="msg_1",
                meant_for=None,
                received_at=now,
                now=now,
            )
        start_worker(mailer=ResendMailer(resend_settings(fake)))
        until(lambda: house.all(InboundEmail))

    [row] = house.all(InboundEmail)
    assert (row.status, row.text) == (InboundStatus.UNMATCHED, "Hello there.")
