"""Make the pictures of the README and of docs/lesson.md, without MNIST: its images are not ours to publish.

Run from the project's root: PYTHONPATH=. python tests/screenshot.py
"""

import io
import tempfile
from pathlib import Path

from app_server import CHROMIUM, CHROMIUM_FLAGS, LAPTOP, OFFLINE, PROJECT, running_app
from lesson import LINKS
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from webapp.text import TEXT

DOCS = PROJECT / "docs"
PROJECTOR: ViewportSize = {"width": 1024, "height": 768}
TALL: ViewportSize = {"width": 1024, "height": 2600}  # a whole view, with the slider in its own place


def opened(browser: Browser, url: str, size: ViewportSize, scale: float = 1) -> Page:
    """A page at rest, with our own drawings in the sample grid."""
    page = browser.new_page(viewport=size, device_scale_factor=scale)
    page.goto(url)
    source = page.get_by_test_id("sample-source")
    expect(source).to_have_text(TEXT["samples_handwritings"], timeout=60_000)
    return page


def save(picture: bytes, path: Path) -> None:
    """Keep a picture in 256 colours, rare ones too: a third of the bytes, and the page has few."""
    path.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def main() -> None:
    """Draw an example, then open every link of the lesson, and take the pictures."""
    with (
        tempfile.TemporaryDirectory() as empty,
        running_app(MNIST_DATA=empty, **OFFLINE) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = opened(browser, app.url, LAPTOP, 1.5)
        page.locator("[data-example='3']").click()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "3")
        page.wait_for_timeout(1500)  # the replay ends
        save(page.screenshot(), DOCS / "screenshot.png")
        for link in LINKS:
            page = opened(browser, f"{app.url}/{link.fragment}", PROJECTOR)
            expect(page.get_by_test_id("verdict")).to_contain_text(link.verdict)
            expect(page.get_by_test_id("luck")).not_to_be_empty()
            page.wait_for_timeout(500)
            panels = page.locator("details[open]")
            if panels.count():
                page.set_viewport_size(TALL)
            save(
                panels.screenshot() if panels.count() else page.screenshot(),
                DOCS / "lesson" / f"{link.name}.png",
            )
            if link.name == "untrained":
                page.get_by_test_id("sample-grid").get_by_role("button").first.click()
                expect(page.locator("#pad-heading")).to_contain_text("labelled")
                page.wait_for_timeout(1000)
                save(page.screenshot(), DOCS / "lesson" / "tile.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
