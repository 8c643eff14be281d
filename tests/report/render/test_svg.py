"""Figures: the same bytes, their own ids, their own words, colours that follow the page."""

import re
from xml.etree import ElementTree

import pytest

from negotiation.report.document import Column, Table
from negotiation.report.render import palette
from negotiation.report.render.svg import figure


def draw(canvas):
    axes = canvas.subplots()
    for index in range(3):
        look = palette.series(index)
        axes.plot([0, 1, 2], [index, 1 / 3, 2], look.marker, color=look.colour, label=f"${index} <b> \x07 稀土")
        axes.bar([index], [1], color=look.colour, hatch=look.hatch, edgecolor=palette.PAPER)
    axes.legend()


def make(key):
    data = Table((Column("x", "", "number"),), ((1,),), "A <title>")
    return figure(key, draw, alt="Words & words", caption="c", data=data, height=300).svg


@pytest.fixture(scope="module")
def svg():
    return make("one")


def test_the_same_drawing_gives_the_same_bytes_without_a_date(svg):
    assert make("one") == svg
    assert not re.search(r"20\d\d-\d\d|metadata|<style|<!--|DOCTYPE", svg)


def test_it_is_well_formed_and_says_its_words(svg):
    root = ElementTree.fromstring(re.sub("[\x00-\x08]", "", svg))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == "0 0 455 300"
    assert root.get("role") == "img"
    assert root.find(f"{space}title").text == "A <title>"
    assert root.find(f"{space}desc").text == "Words & words"
    assert [root.find(f".//*[@id='{key}']") is not None for key in root.get("aria-labelledby").split()] == [True] * 2
    texts = ["".join(each.itertext()) for each in root.iter(f"{space}text")]
    assert any(text.startswith("$0 <b>") and text.endswith("稀土") for text in texts)


def test_ids_of_two_figures_never_clash_and_every_reference_is_met(svg):
    found = [set(re.findall(r' id="([^"]+)"', text)) for text in (svg, make("two"))]
    assert found[0]
    assert not found[0] & found[1]
    for text, ids in zip((svg, make("two")), found, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', text)) <= ids


def test_palette_colours_become_variables(svg):
    assert "fill:var(--blue)" in svg
    assert not re.search(r"#[0-9a-f]{6}", svg)


def test_a_small_figure_is_small(svg):
    assert len(svg) < 20_000


def test_settings_of_the_caller_are_left_alone_and_do_not_show(svg):
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "axes.grid": False, "svg.fonttype": "path"}):
        assert make("one") == svg
        assert matplotlib.rcParams["font.size"] == 30


def test_a_figure_block_carries_its_data():
    data = Table((Column("x", "", "number"),), ((1,),), "Numbers drawn")
    block = figure("block", draw, alt="words", caption="c", data=data, height=300)
    assert block.data == data
    assert ">Numbers drawn</title>" in block.svg
