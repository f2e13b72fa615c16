"""What may stand in a line of a mail's head."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.headers import fault


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((f"two{end}lines", "a line break") for end in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"),
        *((f"a{turn}b", "direction") for turn in "\u061c\u200e\u200f\u202a\u202e\u2066\u2069"),
        *((f"a{hidden}b", "invisible") for hidden in "\u00ad\u200b\u2060\ufeff\U000e0041"),
        *((f"a{control}b", "control") for control in "\x00\x07\t\x1b\x7f\x9f\ud83d"),
        ("=?utf-8?q?=0D=0ABcc:_b@house.test?=", "encoded word"),
        ("Hello =?iso-8859-1?B?QQ==?= there", "encoded word"),
        ("=?utf-8?Q?", "encoded word"),
    ],
    ids=ascii,
)
def test_what_is_not_what_it_looks_like_is_named(value: str, said: str) -> None:
    assert said in (fault(value) or "")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Zahnräder, and a question?",
        "価格について",
        "\u0645\u06cc\u200c\u062e",
        "👩\u200d💻 =? what?",
        "a=b?c",
    ],
)
def test_words_of_any_language_pass(value: str) -> None:
    assert fault(value) is None


@given(st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1), st.text())
def test_no_control_character_or_line_end_passes_wherever_it_stands(
    wrong: str, around: str
) -> None:
    assert fault(around + wrong + around)


@given(st.text())
def test_what_passes_is_one_line_in_the_order_it_is_read(text: str) -> None:
    if fault(text) is None:
        assert len(text.splitlines()) <= 1
        assert not any(unicodedata.bidirectional(c) in {"LRO", "RLO", "LRI", "RLI"} for c in text)
