"""What axe-core says of the page as it is."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FIND = """async (rules) => {
  const options = { resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(rules.length ? { ...options, runOnly: rules } : options);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}"""


def violations(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong with the page as it is: by its usual rules, or by those named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [(rule, parts) for rule, parts in page.evaluate(FIND, list(rules))]
