"""A push service, and a house that it reaches."""

from collections.abc import Iterator

import pytest

from runtime import failpoints
from tests.fakes import FakePush
from tests.house import House
from tests.runtime.push.subscribers import Reached


@pytest.fixture(autouse=True)
def _nobody_listens_afterwards() -> Iterator[None]:
    yield
    failpoints.listen(None)


@pytest.fixture
def service() -> Iterator[FakePush]:
    with FakePush() as fake:
        yield fake


@pytest.fixture
def reached(house: House, service: FakePush) -> Reached:
    return Reached(house, service)
