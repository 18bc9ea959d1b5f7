"""Make the pictures of the README and of docs/lesson.md; none shows an image of MNIST, which is not ours.

Run from the project's root: PYTHONPATH=. python tests/screenshot.py
"""

import io
from pathlib import Path

from app_server import PROJECT
from chromium import launch_chromium
from lesson import STEPS, Step
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from quick import is_quick
from site_server import running_site

from webapp.files import PAGE

DOCS = PROJECT / "docs"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PROJECTOR: ViewportSize = {"width": 1280, "height": 800}


def open_page(browser: Browser, url: str, size: ViewportSize, scale: float = 1) -> Page:
    """A page at rest, with our own drawings in the sample grid."""
    page = browser.new_page(viewport=size, device_scale_factor=scale)
    page.goto(url)
    page.locator("main[data-ready]").wait_for(state="attached")
    return page


def save(picture: bytes, path: Path) -> None:
    """Keep a picture in 256 colours, rare ones too: a third of the bytes, and the page has few."""
    path.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(f"{path.relative_to(PROJECT)}: {path.stat().st_size / 1000:.0f} kB")


def save_preview(page: Page) -> None:
    """Save the page's own card of a drawing as the picture that links to the page are shown with."""
    page.goto(f"{page.url.split('#')[0]}#run=relu-50/published&example=5.0&open=history")
    page.get_by_test_id("card-open").click()
    with page.expect_download() as download:
        page.get_by_test_id("card-share").click()
    save(Path(download.value.path()).read_bytes(), PAGE / "preview.png")


def picture_lessons(browser: Browser, url: str, steps: list[Step]) -> None:
    """Take a picture of each step once its bet has come out."""
    for step in steps:
        page = open_page(browser, f"{url}{step.link}", PROJECTOR)
        page.get_by_test_id("lesson-lock").click()
        if step.move.get("play"):
            page.get_by_test_id("lesson-lock").click()
        page.locator("main[data-phase=seen]").wait_for(timeout=60_000)
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)  # charts are drawn once their place is known
        save(page.screenshot(), DOCS / "lesson" / f"{step.lesson}-{step.number}.png")
        page.close()


def main() -> None:
    """Draw an example and take the README's picture, then the lesson's; on request only its first."""
    steps = STEPS[:1] if is_quick(__doc__) else STEPS
    with running_site(mnist=False) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = open_page(browser, url, LAPTOP, 1.5)
        page.locator("[data-example='3']").click()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "3")
        page.wait_for_timeout(1000)  # until the example has been drawn
        save(page.screenshot(), DOCS / "screenshot.png")
        save_preview(page)
        with running_site() as whole:  # with MNIST's images to learn from
            picture_lessons(browser, whole, steps)
        browser.close()


if __name__ == "__main__":
    main()
