"""A report as Markdown: the same content as the page, figures as their words and their data, nothing to draw.

The dialect is the common one with pipe tables. Text that could be read as Markdown or HTML is escaped, so that a name
shows as it is. The same report gives the same bytes.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

from negotiation.report import document as doc
from negotiation.report.render.cells import TONE_WORDS, display_of
from negotiation.report.render.inline import escape_markdown as escape
from negotiation.report.render.inline import markdown


def render(report: doc.Report) -> str:
    """Return the whole report as Markdown text (ends with a newline)."""
    return "\n\n".join(part for part in _parts(report) if part) + "\n"


def _parts(report: doc.Report) -> Iterator[str]:
    counter = itertools.count(1)
    yield f"# {escape(report.question)}"
    yield escape(report.title)
    yield markdown(report.subtitle)
    yield from map(markdown, report.answer)
    if report.flip:
        yield f"**What would flip it:** {markdown(report.flip)}"
    yield "\n".join(f"- {escape(badge.label)}: **{escape(badge.value)}**" for badge in report.badges)
    if report.picture:
        yield from _figure(report.picture, counter)
    for number, section in enumerate(report.sections, start=1):
        yield f"## {number}. {escape(section.title)}"
        if section.intro:
            yield f"*{markdown(section.intro)}*"
        yield from _blocks(section.blocks, counter)
    if report.provenance:
        yield "## Where this came from"
        yield _definitions(report.provenance)


def _blocks(blocks: Iterable[doc.Block], counter: Iterator[int]) -> Iterator[str]:
    for block in blocks:
        match block:
            case doc.Paragraph(text):
                # What would start a heading, a list or a rule at the beginning of a line is text here.
                yield re.sub(r"\A(\s*)([#+~=-]|\d+(?=[.)]))", r"\1\\\2", markdown(text))
            case doc.Heading(text):
                yield f"### {markdown(text)}"
            case doc.Note(text, tone):
                yield f"> **{TONE_WORDS.get(tone, 'Note')}:** {markdown(text)}"
            case doc.Bullets(items):
                yield "\n".join(f"- {markdown(text)}" for text in items)
            case doc.Clause(title, terms, text):
                parts = (f"**{markdown(title)}**" if title else "", markdown(text), _definitions(terms))
                lines = "\n\n".join(part for part in parts if part).split("\n")
                yield "\n".join(f"> {line}".rstrip() for line in lines)
            case doc.Table():
                yield _table(block)
            case doc.Figure():
                yield from _figure(block, counter)
            case doc.Details(summary, inside):
                yield f"**{markdown(summary)}**"
                yield from _blocks(inside, counter)
            case doc.Grid(inside):
                yield from _blocks(inside, counter)


def _figure(figure: doc.Figure, counter: Iterator[int]) -> Iterator[str]:
    yield f"**Figure {next(counter)}.** {markdown(figure.caption)}"
    yield f"*In words:* {escape(figure.alt)}"
    yield _table(figure.data)


def _definitions(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{markdown(term)}**: {markdown(meaning)}" for term, meaning in pairs)


def _table(table: doc.Table) -> str:
    """Return a pipe table with its caption above and its notes below."""
    rules = [" --- " if column.kind == "text" else " ---: " for column in table.columns]
    lines = [_row(map(_head, table.columns)), f"|{'|'.join(rules)}|"]
    lines += [_row(map(_cell, row, table.columns)) for row in table.rows]
    caption = [f"**{markdown(table.caption)}**"] if table.caption else []
    return "\n\n".join([*caption, "\n".join(lines), *map(markdown, table.notes)])


def _row(cells: Iterable[str]) -> str:
    # A bar inside code is not escaped yet, and would end the cell.
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells) + " |"


def _head(column: doc.Column) -> str:
    group = f"{markdown(column.group)}: " if column.group else ""
    unit = f" ({escape(column.unit)})" if column.unit else ""
    return f"{group}{markdown(column.name)}{unit}"


def _cell(value: doc.CellValue, column: doc.Column) -> str:
    display = display_of(value, column)
    cell, text = display.cell, markdown(display.text)
    text = f"*{text}*" if cell.judgement and text else text
    text = f"**{text}**" if cell.bold and text else text
    return f"{text} {escape(cell.mark)}".strip()
