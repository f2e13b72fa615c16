"""Camera: the browser that looks at each page, in light and dark, and once on a phone.

The browser and its font are npm's, so that pictures from any machine look alike; its clock
stands at the hour of the pictures.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, expect, sync_playwright

from tests.graphql_api.door import Door
from tests.house import House
from tests.web import chromium, notifying
from tests.web.pictures.world import NOW, ZONE
from tests.web.screen import PATIENCE, Screen

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, Theme] = ("light", "dark")
_FONTS = """<fontconfig>
  <dir>{ours}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{ours}/cache</cachedir>
  <alias binding="same">
    <family>system-ui</family><prefer><family>Open Sans</family></prefer>
  </alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>"""


@contextmanager
def ready() -> Iterator[Browser]:
    """Launch the browser."""
    options = chromium.options(chromium.NPM)
    ours = Path(options["env"]["FONTCONFIG_FILE"]).parent
    fonts = ours / "pictures.conf"
    fonts.write_text(_FONTS.format(ours=ours))
    options["args"] = [*options["args"], "--disable-lcd-text"]
    options["env"] |= {"FONTCONFIG_FILE": str(fonts)}
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        try:
            yield browser
        finally:
            browser.close()


class Camera:
    """One window of a size, in which somebody is signed in; ``close`` fails if anything did."""

    def __init__(
        self, browser: Browser, door: Door, house: House, size: Any, kind: str = "webp"
    ) -> None:
        self._kind = kind
        self._screen = Screen(
            browser, door.url, viewport=size, device_scale_factor=1,
            locale="en-GB", timezone_id=ZONE,
        )  # fmt: skip
        notifying.give_leave(self._screen.context, door.url)
        self._screen.page.clock.set_fixed_time(NOW)
        self._screen.sign_in(house)

    def shoot(self, address: str, file: Path, themes: tuple[Theme, ...] = THEMES) -> None:
        """Take a page's pictures, once it shows all that it has: ``<file>-<theme>.<kind>``."""
        page = self._screen.page
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        self._screen.until_still()
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            file.with_name(f"{file.name}-{theme}.{self._kind}").write_bytes(self._look())

    def _look(self) -> bytes:
        """Return the window's picture.  Playwright knows no WebP, which is half a PNG."""
        asked = {"format": self._kind, "quality": 100}  # of WebP this is without any loss
        if self._kind == "png":
            del asked["quality"]
        session = self._screen.context.new_cdp_session(self._screen.page)
        taken = session.send("Page.captureScreenshot", asked)
        return base64.b64decode(taken["data"])

    def turn_notifications_on(self) -> None:
        """Have this browser be one that is told."""
        page = self._screen.page
        page.goto("/notifications")
        page.get_by_role("button", name="Turn on").click()
        expect(page.get_by_role("button", name="Turn off")).to_be_visible()

    def close(self) -> None:
        """Close the window."""
        self._screen.close()
