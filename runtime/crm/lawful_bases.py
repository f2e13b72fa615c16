"""Lawful bases: why somebody may be written to at all, as people and files spell it."""

from runtime.errors import Refused
from runtime.models import LawfulBasis


def lawful_basis(text: str, *, field: str = "lawful_basis") -> LawfulBasis:
    """Return the basis that a text names, however it is spelled.

    Raises Refused, naming ``field``, for any other: the list is closed.
    """
    letters = "".join(filter(str.isalpha, text.upper())).rstrip("S")
    for basis in LawfulBasis:
        if letters == basis.value.replace("_", ""):
            return basis
    raise Refused(
        f"{text[:40]!r} is no lawful basis: write one of {', '.join(LawfulBasis)};"
        " a note to it belongs into the source.",
        code="INVALID_LAWFUL_BASIS",
        field=field,
    )
