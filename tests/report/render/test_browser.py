"""What only a browser shows: heads of tables on every printed page, and columns that sort as what they hold."""

import random
import shutil

import pypdf
import pytest

from negotiation.report.document import Column, Report, Section, Table
from negotiation.report.render import html
from negotiation.report.render.pdf import BROWSERS

CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
# each column in its order: signs, thousands, bounds, percentages, ratios, ranges, units; what is missing comes last
COLUMNS = {
    "signs": ["−∞", "−1.5", "-1", "−.40", "−0.05", "0", ".4", "+0.45", "1", "∞"],
    "thousands": ["9", "80", "900", "1 000", "1\u202f234", "10,000", "12\u202f346", "1,234,567", "2e7", "n/a"],
    "bounds": ["< .01", ".01", "> .01", ".02", "0.05", "≤ .06", ".40", "≥ .5", "< 1", "–"],
    "percentages": ["−3 %", "0 %", "2 %", "9%", "10 %", "12 %", "12.5 %", "100 %", "1,000 %", "—"],
    "ratios": ["−1/2", "1/10", "1/3", "0.4", "1/2", "2/3", "1", "7/5", "30/7", ""],
    "ranges": [".1 – .9", ".2 to .3", "0.35–0.4", ".5 – 1", ".75", "1 – 2", "2.5 to 10", "10–12", "20 – 30", "n/a"],
    "units": ["$.20 bn", "$1 bn", "2 months", "$3.5 bn", "4 months", "9 months", "10 months", "11 bn", "100 t", ""],
    "words": ["always", "b = 0.29", "never", "sometimes", "T = 1", "T = 2", "T = 3", "T = 10", "T = 12", "weak"],
    "dates": ["2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-10", "2025-11", "2026-01", ""],
}  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `test`)")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with sync_api.sync_playwright() as found:
        opened = found.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def shown(browser, tmp_path):
    """Return a page of the browser that shows a report with one table."""
    pages = []

    def show(table):
        file = tmp_path / "index.html"
        report = Report("Title", "Question?", "", ("Answer.",), sections=(Section("one", "One", (table,)),))
        file.write_text(html.render(report), encoding="utf-8")
        pages.append(browser.new_page())
        pages[0].goto(file.as_uri())
        return pages[0]

    yield show
    for page in pages:
        page.close()


def test_heads_are_on_every_printed_page(shown, tmp_path):
    rows = tuple((f"row {number}", float(number), "words") for number in range(150))
    page = shown(Table((Column("Row"), Column("Headword", kind="number"), Column("Text")), rows, "A long table"))
    assert page.locator("th button").count() == 3
    page.pdf(path=tmp_path / "page.pdf")
    texts = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "page.pdf").pages]
    long = [text for text in texts if "row " in text]
    assert len(long) > 2
    assert all("Headword" in text for text in long)


@pytest.mark.parametrize("kind", ["text", "number"])
def test_columns_sort_as_what_they_hold(shown, kind):
    names = [name for name in COLUMNS if kind == "text" or name not in ("words", "dates")]
    rng = random.Random(5)
    mixed = {name: rng.sample(COLUMNS[name], 10) for name in names}
    rows = tuple(zip((f"row {number}" for number in range(10)), *mixed.values(), strict=True))
    page = shown(Table((Column("Row"), *(Column(name, kind=kind) for name in names)), rows))
    for number, name in enumerate(names, 1):
        head = page.locator("tr.names th").nth(number)
        cells = page.locator(f"tbody tr > :nth-child({number + 1})")
        head.locator("button").click()
        assert cells.all_inner_texts() == COLUMNS[name], name
        head.locator("button").click()
        given = [text for text in COLUMNS[name] if text not in ("", "–", "—", "n/a")]
        assert cells.all_inner_texts() == [*reversed(given), *COLUMNS[name][len(given) :]], name
        head.locator("button").click()
        assert cells.all_inner_texts() == mixed[name], name


def test_numbers_and_words_in_one_column_of_numbers(shown):
    values = [0.5, "no flip", -2.0, None, 1234.5, "< .01", float("inf"), float("-inf")]
    rows = tuple((f"row {number}", value) for number, value in enumerate(values))
    page = shown(Table((Column("Row"), Column("Value", kind="number")), rows))
    page.locator("th button").nth(1).click()
    wanted = ["−∞", "−2", "< .01", "0.500", "1234", "∞", "no flip", "n/a"]
    assert page.locator("tbody td").all_inner_texts() == wanted
