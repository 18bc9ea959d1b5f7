"""The picture of the network shows the chosen network and what the image does in it."""

import pytest
from inside import ROBUST, Network, move_to, open_inside
from playwright.sync_api import Page, expect
from python_says import images_seen, percent
from visitor import count_images, say

from mnist_core.runs.recipes import RUNS

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("run_id", ROBUST)
def test_the_network_is_drawn_with_its_strongest_links_above_the_table(same_page: Page, run_id: str) -> None:
    open_inside(same_page, run_id, view="layers")
    picture = same_page.get_by_test_id("network-picture")
    layers = len(RUNS[run_id].architecture.hidden) + 1
    links = int(picture.get_attribute("data-links") or "")
    assert 24 * (layers - 1) < links <= 24 * layers  # to the answer fewer, where fewer units are active
    network = Network(same_page, run_id)
    sure = percent(network.logits.softmax(0)[3].item())
    words = say("picture_line", Moment="After training", digit=3, sure=sure)
    expect(same_page.get_by_test_id("network-line")).to_have_text(words)
    table = same_page.get_by_test_id("layers-summary").bounding_box()
    box = picture.bounding_box()
    assert box
    assert table
    assert box["y"] + box["height"] <= table["y"]
    move_to(same_page, run_id, 7)
    expect(same_page.get_by_test_id("network-line")).to_contain_text(
        f"{count_images(images_seen(run_id)[7])} images"
    )
    same_page.get_by_test_id("pad-clear").click()
    expect(picture).to_have_attribute("data-links", "0")
    expect(same_page.get_by_test_id("network-line")).to_have_text(say("picture_empty"))


def test_the_picture_of_the_network_fits_a_phone(page: Page) -> None:
    open_inside(page, "relu-128-128-64-64/robust", view="layers")
    for width in (390, 360, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(100)
        place = page.get_by_test_id("network").bounding_box()
        box = page.get_by_test_id("network-picture").bounding_box()
        assert place
        assert box
        assert place["x"] <= box["x"]
        assert box["x"] + box["width"] <= place["x"] + place["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
