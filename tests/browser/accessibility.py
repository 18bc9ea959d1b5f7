"""What axe-core says of the page as it is."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong with the page as it is."""
    found = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found]
