"""The pictures in the documentation: each page has them, and each that is shown is there."""

import re

import pytest

from tests.web.chromium import WEB
from tests.web.pictures.addresses import FOLDER, PAGES, name_of

ROOT = WEB.parent
LARGEST = 150_000
"""Bytes; every clone of this repository has them all."""


@pytest.mark.parametrize("page", PAGES)
def test_each_page_has_its_picture_in_both_themes_and_is_told_of(page: str) -> None:
    told = (ROOT / "docs/dashboard.md").read_text()
    for theme in ("light", "dark"):
        name = f"{name_of(page)}-{theme}.webp"
        assert 10_000 < (FOLDER / name).stat().st_size < LARGEST
        assert name in told


@pytest.mark.parametrize("text", ["README.md", "docs/dashboard.md"])
def test_each_picture_that_is_shown_is_there(text: str) -> None:
    document = ROOT / text
    shown = re.findall(r'(?:src|srcset)="([^"]+)"', document.read_text())
    assert shown
    for each in shown:
        assert (document.parent / each).is_file(), each
