"""Make docs/screenshot.png, without MNIST: its images are not ours to publish.

Run from the project's root: PYTHONPATH=. python tests/screenshot.py
"""

import tempfile

from app_server import CHROMIUM, CHROMIUM_FLAGS, OFFLINE, PROJECT, running_app
from playwright.sync_api import expect, sync_playwright

from webapp.text import TEXT


def main() -> None:
    """Draw an example and take the picture."""
    with (
        tempfile.TemporaryDirectory() as empty,
        running_app(MNIST_DATA=empty, **OFFLINE) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
        page.goto(app.url)
        source = page.get_by_test_id("sample-source")
        expect(source).to_have_text(TEXT["samples_handwritings"], timeout=60_000)
        page.locator("[data-example='3']").click()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "3")
        page.wait_for_timeout(1500)  # the replay ends
        (PROJECT / "docs").mkdir(exist_ok=True)
        page.screenshot(path=PROJECT / "docs" / "screenshot.png")
        browser.close()


if __name__ == "__main__":
    main()
