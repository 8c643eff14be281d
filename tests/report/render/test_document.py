"""The document types, their data form and their Markdown."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from negotiation.errors import InputError
from negotiation.report.document import (
    Cell,
    Column,
    Figure,
    Note,
    Paragraph,
    Report,
    Section,
    Table,
    figures_in,
    literal,
    slug,
)
from negotiation.report.render import inline, markdown
from negotiation.report.render.cells import display_of, number
from negotiation.report.runs import saved

names = st.text(max_size=40)


@given(names)
def test_literal_text_is_shown_as_it_is(text):
    assert inline.plain(literal(text)) == inline.visible(text)


@given(names)
def test_inline_html_never_lets_a_tag_through(text):
    shown_html = inline.html(literal(text))
    assert "<" not in shown_html
    assert '"' not in shown_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** and *b*", "<strong>a</strong> and <em>b</em>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("[a](#b)", '<a href="#b">a</a>'),
        ("[a](results.json)", '<a href="results.json">a</a>'),
        ("[a](https://e.org/x?y=1&z)", '<a href="https://e.org/x?y=1&amp;z" rel="noopener noreferrer">a</a>'),
        ("[a](javascript:alert)", "[a](javascript:alert)"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("[a](//e.org)", "[a](//e.org)"),
        (r"\*a\*", "*a*"),
        ("a\x00\u202eb", "a��b"),
    ],
)
def test_inline_markup(text, expected):
    assert inline.html(text) == expected


@given(names)
def test_markdown_of_a_name_renders_as_the_name(text):
    # markdown-it is an independent CommonMark renderer; only the white space at the ends may differ.
    words = " ".join(inline.visible(text).split())
    tokens = MarkdownIt("commonmark").parse("x" + inline.markdown(literal(words)) + "x")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    assert "".join(child.content for child in tokens[1].children) == f"x{words}x"


def test_numbers_are_written_as_a_reader_expects():
    assert [number(value, 2) for value in (-0.001, -1.5, math.inf, math.nan)] == ["0.00", "−1.50", "∞", "n/a"]
    assert [number(value) for value in (0.0, 3, 1234.5, 0.00012345)] == ["0", "3", "1234", "0.000123"]


def test_cells_sort_by_their_exact_value_and_missing_ones_have_no_key():
    column = Column("x", "", "number", 1)
    assert [display_of(value, column).sort for value in (0.123456, None, True, -math.inf)] == [
        "0.123456",
        "",
        "1",
        "-Infinity",
    ]
    assert display_of(Cell(True, tone="good"), Column("x", "", "mark")).text == "✓ yes"


def test_a_report_survives_its_data_form(report):
    text = saved.canonical(saved.to_plain(report))
    assert saved.from_plain(json.loads(text)) == report
    assert saved.canonical(saved.to_plain(report)) == text
    assert "Infinity" not in text


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda data: data.pop("report"), "saved report"),
        (lambda data: data.update(format=99), "format"),
        (lambda data: data["report"].update(answer=3), "report.answer"),
        (lambda data: data["report"]["sections"][0].update(type="Chapter"), "report.sections.0"),
        (lambda data: data["report"]["badges"][0].pop("label"), "report.badges.0"),
        (lambda data: data["report"]["badges"][0].update(tone="loud"), "report.badges.0.tone"),
    ],
)
def test_damaged_data_give_one_sentence_that_says_where(report, damage, where):
    data = json.loads(saved.canonical(saved.to_plain(report)))
    damage(data)
    with pytest.raises(InputError, match=where):
        saved.from_plain(data)


def test_wrong_documents_are_refused():
    with pytest.raises(InputError, match="row 0: has 1 cells for 2 columns"):
        Table((Column("a"), Column("b")), (("x",),))
    with pytest.raises(InputError, match="section key"):
        Section("Not a key", "t", ())
    with pytest.raises(InputError, match="more than one"):
        Report("t", "q", "", (), None, "", (), (Section("a", "t", ()), Section("a", "t", ())))
    with pytest.raises(InputError, match="alt"):
        Figure("k", "<svg></svg>", " ", "c", Table((Column("a"),), ()))


def test_slugs_and_figures_are_found(report):
    assert slug("12 months") == "x-12-months"
    assert [figure.key for figure in figures_in(report.sections)] == ["inner", "left", "right"]


def test_markdown_holds_the_same_content(report):
    text = markdown.render(report)
    page = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(token.type == "table_open" for token in page) == 5  # four figures' data and one table
    assert not [token for token in page if token.type == "html_block"]
    for words in ("Does it hold?", "bars \\<b\\>", "inner words", "0.913", "✗ no", "Leverage above 0.84"):
        assert words in text
    heads = [token for token in page if token.type == "th_open"]
    assert len(heads) == 4 + 4 * 2  # a bar in a caption, code or name has opened no further column


def test_a_paragraph_cannot_start_a_list_or_a_heading():
    blocks = (Paragraph("# a"), Paragraph("1. b"), Paragraph("- c"), Note("d", "limit"))
    report = Report("t", "q", "", (), None, "", (), (Section("s", "S", blocks),))
    kinds = [token.type for token in MarkdownIt("commonmark").parse(markdown.render(report))]
    assert kinds.count("heading_open") == 2
    assert not {"bullet_list_open", "ordered_list_open"} & set(kinds)
