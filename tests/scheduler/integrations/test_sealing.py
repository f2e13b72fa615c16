"""A notification is encrypted as the standard's own example has it."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from scheduler.integrations.sealing import LONGEST, RECORD, seal
from tests.fakes.push import FakeBrowser, decoded, encoded


def key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(text)), ec.SECP256R1())


# RFC 8291, section 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SECRET = decoded("BTBZMqHH6r4Tts7J_aSIgg")
BROWSER = key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
SERVER = key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
SALT = decoded("DGv6ra1nlYgDCS1FRnbzlw")
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard() -> None:
    browser = FakeBrowser("", private=BROWSER, secret=SECRET)

    assert encoded(seal(TEXT, browser.public, SECRET, ours=SERVER, salt=SALT)) == SEALED
    assert browser.decrypt(decoded(SEALED)) == TEXT


def test_each_time_with_another_key_and_salt_and_into_one_record() -> None:
    browser = FakeBrowser("")
    longest = b"x" * LONGEST
    sealed = {seal(longest, browser.public, browser.secret) for _ in range(2)}

    assert len(sealed) == 2
    assert {browser.decrypt(each) for each in sealed} == {longest}
    assert all(len(each) <= RECORD for each in sealed)
    with pytest.raises(ValueError, match="3000 bytes"):
        seal(longest + b"x", browser.public, browser.secret)
