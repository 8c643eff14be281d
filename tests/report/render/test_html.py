"""The page: one file, no requests, valid nesting, everything escaped, readable by everyone."""

import base64
import hashlib
import itertools
import re
import time
from html.parser import HTMLParser

import pytest

from negotiation.report.document import Column, Paragraph, Report, Section, Table, literal
from negotiation.report.render import html, palette

VOID = {"meta", "link", "br", "wbr", "img", "hr"}


class Page(HTMLParser):
    """Collect elements, ids, links, and unbalanced tags of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.wrong, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if "style" not in self.open and "script" not in self.open:
            self.words.append(data)

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
def text(report):
    return html.render(report)


@pytest.fixture
def page(text):
    return Page(text)


def test_tags_are_balanced_and_ids_unique_and_links_lead_somewhere(page):
    assert (page.wrong, page.open) == ([], [])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = [attributes["href"][1:] for attributes in page.all("a") if attributes["href"].startswith("#")]
    assert set(anchors) <= set(ids)
    assert {"answer", "calls", "limits", "provenance", "calls-where-it-comes-from-2"} <= set(anchors)


def test_nothing_is_requested_from_anywhere(text, page):
    assert not [attributes for _, attributes in page.elements if "src" in attributes or "srcset" in attributes]
    assert [attributes["href"] for attributes in page.all("link")] == ["data:,"]
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest|import\(", text)


def test_the_policy_allows_this_script_and_no_other(text, page):
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


def test_names_are_shown_and_never_obeyed(page):
    words = "".join(page.words)
    assert '<script>alert("x")</script> *a* [b](javascript:alert(1)) ../../etc��' in words
    assert len(page.all("script")) == 1
    assert not [each for each in page.all("a") if each["href"].startswith("javascript")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "\u202e" not in words


def test_landmarks_headings_and_tables_are_there_for_a_screen_reader(page):
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("main")) == 1
    assert len(page.all("h1")) == 1
    assert all(each.get("aria-label") for each in page.all("nav"))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(each["scope"] in {"col", "row", "colgroup"} for each in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 5
    assert page.all("a")[0]["href"] == "#main"


def test_every_figure_has_its_number_and_its_data(page):
    words = "".join(page.words)
    assert [f"Figure {number}" in words for number in range(1, 6)] == [True] * 4 + [False]
    assert words.count("Data behind this figure") == 4


def test_cells_carry_sort_keys_marks_and_judgement(text):
    assert '<td class="number" data-sort="0.9126">0.913</td>' in text
    assert re.search(r'class="number bold" data-sort="0.25">0.250 <span class="sign">best</span>', text)
    assert re.search(r'class="number judgement" data-sort="12345" title="judged">\+12\u202f345.00', text)
    assert '<td class="number missing" data-sort="">n/a</td>' in text


def test_the_same_report_gives_the_same_bytes(report):
    assert html.render(report) == html.render(report.replace(title=report.title))


@pytest.mark.benchmark
def test_the_time_to_write_a_page_grows_no_faster_than_the_page():
    columns = (Column("name"), *(Column(f"c{number}", "$", "number", 2) for number in range(6)))
    table = Table(columns, tuple((f"row {row}", *(row / 7 + each for each in range(6))) for row in range(12)), "T")
    sections = tuple(
        Section(f"s{number}", "Title", (Paragraph("**Words** " * 60), table, table)) for number in range(40)
    )
    few, many = (Report("t", "q", "", ("a",), None, "", (), sections[:count]) for count in (10, 40))
    html.render(many)
    assert min(_seconds(many) for _ in range(3)) < 6 * min(_seconds(few) for _ in range(3))


def _seconds(report):
    start = time.process_time()
    html.render(report)
    return time.process_time() - start


def contrast(first, second):
    """Contrast ratio (1 to 21) of two colours "#rrggbb" (WCAG 2.1, section 1.4.3)."""
    dim, bright = sorted(map(_luminance, (first, second)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour):
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("scheme", "page_colours"), [(1, ("#ffffff", "#f4f5f6")), (2, ("#14181c", "#1e2329"))])
def test_colours_stand_out_in_both_schemes(scheme, page_colours):
    # WCAG 2.1: text 4.5:1 (1.4.3), graphics 3:1 (1.4.11).
    colours = {row[0]: row[scheme] for row in palette.SCHEMES}
    for name in ("ink", "muted", "accent", "good", "bad", "warning", "info"):
        assert min(contrast(colours[name], below) for below in page_colours) >= 4.5, name
    for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "grey"):
        assert contrast(colours[name], page_colours[0]) >= 3, name
    pair = {palette.INK: colours["ink"], palette.PAPER: colours["paper"]}
    for number, light in enumerate(palette.STEPS):
        assert contrast(pair[palette.ink_on(light)], colours[f"step{number}"]) >= 4.5, number


def test_the_contrast_is_that_of_the_standard():
    # Published example: #777777 on white is 4.48:1 (WebAIM's contrast checker).
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_a_long_name_without_spaces_is_kept_whole():
    report = Report(literal("x" * 500), "q", "", (), None, "", (), ())
    assert "x" * 500 in html.render(report)


def test_regions_have_names_of_their_own():
    """Two regions of one name cannot be told apart in a screen reader's list (axe: landmark-unique)."""
    captions = ["The same", "", "The same", "The same (2)", "", "The same"]
    rows = (("a", 1.0), ("b", 2.0))
    tables = tuple(Table((Column("Row"), Column("Value", kind="number")), rows, caption) for caption in captions)
    page = Page(html.render(Report("t", "q?", "", ("a",), sections=(Section("one", "One", tables),))))
    names = [attributes["aria-label"] for _, attributes in page.elements if attributes.get("role") == "region"]
    assert len(names) == len(set(names)) == len(captions)
    assert names[0] == "The same"
