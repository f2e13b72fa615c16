"""The documentation's pictures: every page has its own, and every link to one leads to it."""

import re

import pytest

from tests.web.pictures.addresses import FOLDER, PAGES, name_of
from tests.web.pictures.camera import THEMES

ROOT = FOLDER.parents[1]
TEXTS = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
LARGEST_KB = 150


def shown() -> set[str]:
    """Return the names of the pictures that README and docs show or link to."""
    links = (
        link for text in TEXTS for link in re.findall(r"screenshots/([\w.-]+)", text.read_text())
    )
    return set(links)


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_has_its_picture(theme: str) -> None:
    assert PAGES
    for path in PAGES:
        picture = FOLDER / f"{name_of(path)}-{theme}.webp"
        assert picture.is_file(), f"make screenshots takes {picture.name}"


def test_every_picture_that_is_shown_is_there_and_the_other_way_round() -> None:
    assert shown() == {picture.name for picture in FOLDER.iterdir()}


def test_a_picture_is_small() -> None:
    for picture in FOLDER.iterdir():
        assert picture.stat().st_size <= LARGEST_KB * 1000, picture.name
