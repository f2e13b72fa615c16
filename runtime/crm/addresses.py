"""Addresses: one spelling for each mailbox.

Two spellings of one mailbox would be two contacts, and a suppression of the
first would not hold for the second.  So every address is normalised here before
it is stored or looked up.  Nothing is asked of the network.
"""

import re
import unicodedata
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from runtime.errors import Refused

LONGEST = 254
"""Characters of the longest address that mail can carry."""

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Address(NamedTuple):
    """Whom an address belongs to, and the address; the name may be empty."""

    name: str
    email: str


def normalise(text: str, *, field: str = "email") -> str:
    """Return the one spelling of an address: lower case, the domain in ASCII.

    The part before the @ is lowered too: no provider of note tells Anna@ from anna@, and a
    suppression must hold for both.  Raises Refused (INVALID_EMAIL), which names ``field``, for
    all that is not exactly one address: names and lists are refused too.
    """
    text = text.strip()
    if not text:
        raise _refused("The e-mail address is missing.", field)
    if len(text) > LONGEST:
        raise _refused(f"The e-mail address is longer than {LONGEST} characters.", field)
    for character in text:
        if unicodedata.category(character) in _HIDDEN:
            raise _refused(
                f"The e-mail address contains an invisible character (U+{ord(character):04X});"
                " type it anew.",
                field,
            )
    if text.count("@") > 1 and re.search(r"[,;\s]", text):
        raise _refused("There is more than one e-mail address here; give one.", field)
    return _checked(text, field)


def parse(text: str, *, field: str = "email") -> Address:
    """Return the address of ``a@b`` or ``Name <a@b>``, and the name when there is one.

    For lists that people export from their mail program.  A name that is itself an address is
    none.  Raises as ``normalise`` does.
    """
    match = _NAMED.fullmatch(text.strip())
    if not match:
        return Address("", normalise(text, field=field))
    name = match["name"].strip()
    if "@" in name and not name.startswith('"'):
        raise _refused("There is more than one e-mail address here; give one.", field)
    email = normalise(match["address"], field=field)
    return Address("" if "@" in name else name.strip('"').strip(), email)


def _checked(text: str, field: str) -> str:
    try:
        address = validate_email(
            text,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            check_deliverability=False,
            strict=True,
        )
    except EmailNotValidError as error:
        raise _refused(str(error)[:200], field) from None
    return f"{address.ascii_local_part}@{address.ascii_domain}".lower()


def _refused(reason: str, field: str) -> Refused:
    return Refused(reason, code="INVALID_EMAIL", field=field)
