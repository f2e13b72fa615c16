"""Contact files for the tests: those in tests/data/contacts, and long ones made on the spot."""

import random
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "contacts"

_FIRST = ("Anna", "Jörg", "Chloé", "Łukasz", "Siân", "Björn", "Maria José", "O'Brian", "Zoë")
_LAST = ("Müller", "Groß", "Ibáñez", "Nowak", "Smith, Jr.", "d'Angelo", "Öztürk", "Søndergaard")
_FIRMS = ("Müller & Söhne GmbH", 'Hotel "Zur Post"', "Acme, Inc.", "Ærø Rederi A/S", "株式会社")


def a_file(name: str) -> bytes:
    """Return the bytes of a committed file."""
    return (DATA / name).read_bytes()


def a_long_file(rows: int = 10_000, seed: int = 7) -> bytes:
    """Return a file of so many good rows, the same each time, all addresses different."""
    chance = random.Random(seed)  # noqa: S311 - the same rows each time are the point
    lines = ["E-Mail,Vorname,Nachname,Firma,Position,Zeitzone,Notizen"]
    for number in range(rows):
        first, last, firm = (chance.choice(each) for each in (_FIRST, _LAST, _FIRMS))
        cells = (
            f"contact{number}@firm{number % 700}.example.com",
            first,
            last,
            firm,
            chance.choice(("CEO", "Head of Sales", "")),
            chance.choice(("Europe/Berlin", "America/New_York", "")),
            chance.choice(("met at the fair,\nbooth 7", "", "=SUM(A1:A9)")),
        )
        lines.append(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells))
    return "\r\n".join(lines).encode()
