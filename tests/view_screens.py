"""Take a picture of every view of the stage on every kind of screen, light and dark, into the folder screens.

Run from the project's root: PYTHONPATH=. python tests/view_screens.py
"""

from app_server import PROJECT
from chromium import launch_chromium
from playwright.sync_api import Browser, sync_playwright
from quick import is_quick
from site_server import running_site

FOLDER = PROJECT / "screens"
SIZES = [(360, 640), (390, 844), (844, 390), (768, 1024), (1024, 768), (1366, 641), (1920, 1080)]
TOUCH = SIZES[:5]
SCHEMES = ["light", "dark"]
VIEWS = ["digits", "input", "training", "confusion", "inside", "network", "hand", "settings"]


def picture_views(browser: Browser, url: str, size: tuple[int, int], scheme: str, views: list[str]) -> None:
    """Open each view with a digit on the pad, and keep how it looks."""
    touch = size in TOUCH
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=touch,
        is_mobile=touch,
    )
    page = context.new_page()
    page.goto(url)
    page.locator("main[data-ready]").wait_for(state="attached")
    page.locator("[data-example='5']").evaluate("button => button.click()")  # may be behind a button
    page.wait_for_timeout(1000)  # until the example has been drawn
    for view in views:
        page.locator(f"[data-testid='stage-tab'][data-view='{view}']").evaluate("tab => tab.click()")
        page.wait_for_timeout(400)  # until all that moves has moved
        path = FOLDER / f"{width}x{height}-{scheme}-{view}.png"
        page.screenshot(path=path)
        print(f"{path.relative_to(PROJECT)}: {path.stat().st_size / 1000:.0f} kB")
    context.close()


def main() -> None:
    """Take all pictures; on request only those of one view on one screen."""
    quick = is_quick(__doc__)
    FOLDER.mkdir(exist_ok=True)
    with running_site(mnist=False) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for size in SIZES[:1] if quick else SIZES:
            for scheme in SCHEMES[:1] if quick else SCHEMES:
                picture_views(browser, url, size, scheme, VIEWS[:1] if quick else VIEWS)
        browser.close()


if __name__ == "__main__":
    main()
