"""Countries: ISO 3166-1 alpha-2 codes, and their English names as people write them.

Codes and names come with the time zones (tzdata's ``iso3166.tab``), so that they are the
same on every machine.
"""

import unicodedata
from importlib.resources import files

from runtime.errors import Refused

_ALSO = {
    "GB": "uk britain greatbritain unitedkingdom england scotland wales northernireland"
    " unitedkingdomofgreatbritainandnorthernireland",
    "US": "usa america unitedstatesofamerica",
    "CZ": "czechia",
    "TR": "turkiye",
    "KR": "southkorea korearepublicof republicofkorea",
    "KP": "northkorea",
    "RU": "russianfederation",
    "NL": "holland thenetherlands",
    "AE": "uae emirates",
    "IE": "republicofireland",
    "VN": "vietnam",
    "CI": "ivorycoast",
    "CD": "democraticrepublicofthecongo",
    "CG": "republicofthecongo",
    "CF": "centralafricanrepublic",
    "MM": "myanmar burma",
    "SZ": "eswatini swaziland",
    "TL": "timorleste",
    "MO": "macao",
    "CV": "caboverde",
    "VA": "holysee",
    "BQ": "bonairesinteustatiusandsaba",
    "CN": "prc mainlandchina",
}


def country_code(text: str, *, field: str = "country") -> str:
    """Return the code of a country written as its code or its English name.

    Raises Refused, naming ``field``, for anything else.
    """
    code = _CODES.get(_key(text))
    if code is None:
        raise Refused(
            f"{text[:40]!r} is not a country: write its two letters, such as DE, or its English"
            " name.",
            code="INVALID_COUNTRY",
            field=field,
        )
    return code


def _key(text: str) -> str:
    """Return the letters of a name alone: no case, no accents, and one spelling of "and"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return "".join(c for c in plain if c.isalnum())


def _codes() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    names = {_key(name): code for code, name in rows}
    also = {name: code for code, listed in _ALSO.items() for name in listed.split()}
    return {**also, **names, **{code.lower(): code for code, _ in rows}}


_CODES = _codes()
