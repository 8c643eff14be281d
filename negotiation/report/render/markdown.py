"""A report as Markdown: the same content as the page, figures as their words and their data, nothing to draw.

The dialect is the common one with pipe tables. Text that could be read as Markdown or HTML is escaped, so that a name
shows as it is. The same report gives the same bytes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from negotiation.report.document import (
    Block,
    Bullets,
    Clause,
    Code,
    Column,
    Definitions,
    Details,
    Figure,
    Grid,
    Heading,
    Note,
    Paragraph,
    Report,
    Row,
    Table,
)
from negotiation.report.render import inline
from negotiation.report.render.cells import TONE_WORDS, shown


def render(report: Report) -> str:
    """Return the whole report as Markdown text (ends with a newline)."""
    counter = itertools.count(1)
    parts = [f"# {inline.escape_markdown(report.question)}", inline.escape_markdown(report.title)]
    parts += [inline.markdown(report.subtitle)] if report.subtitle else []
    parts += [inline.markdown(sentence) for sentence in report.answer]
    parts += [f"**What would flip it:** {inline.markdown(report.flip)}"] if report.flip else []
    parts += ["\n".join(_badges(report))] if report.badges else []
    parts += _figure(report.picture, counter) if report.picture else []
    for number, section in enumerate(report.sections, start=1):
        parts.append(f"## {number}. {inline.escape_markdown(section.title)}")
        parts += [f"*{inline.markdown(section.intro)}*"] if section.intro else []
        parts += _blocks(section.blocks, counter)
    if report.provenance:
        parts += ["## Where this came from", *_definitions(report.provenance)]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(item: Table) -> str:
    """Return a pipe table with its caption above and its notes below."""
    heads = [_head(column) for column in item.columns]
    rules = [" --- " if column.kind == "text" else " ---: " for column in item.columns]
    lines = [_row(heads), f"|{'|'.join(rules)}|"]
    lines += [_row(_cells(row, item)) for row in item.rows]
    caption = f"**{inline.markdown(item.caption)}**\n\n" if item.caption else ""
    notes = "".join(f"\n\n{inline.markdown(note)}" for note in item.notes)
    return caption + "\n".join(lines) + notes


def _head(column: Column) -> str:
    group = f"{inline.markdown(column.group)}: " if column.group else ""
    unit = f" ({inline.escape_markdown(column.unit)})" if column.unit else ""
    return f"{group}{inline.markdown(column.name)}{unit}"


def _cells(row: Row, item: Table) -> Iterator[str]:
    for value, column in zip(row, item.columns, strict=True):
        it = shown(value, column)
        text = inline.markdown(it.text)
        text = f"*{text}*" if it.cell.judgement and text else text
        text = f"**{text}**" if it.cell.bold and text else text
        yield f"{text} {inline.escape_markdown(it.cell.mark)}".strip()


def _row(cells: list[str] | Iterator[str]) -> str:
    # A bar inside code is not escaped yet, and would end the cell.
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells) + " |"


def _badges(report: Report) -> list[str]:
    escape = inline.escape_markdown
    return [f"- {escape(badge.label)}: **{escape(badge.value)}**" for badge in report.badges]


def _definitions(items: tuple[tuple[str, str], ...]) -> list[str]:
    return ["\n".join(f"- **{inline.markdown(term)}**: {inline.markdown(meaning)}" for term, meaning in items)]


def _figure(item: Figure, counter: Iterator[int]) -> list[str]:
    words = f"**Figure {next(counter)}.** {inline.markdown(item.caption)}"
    return [words, f"*In words:* {inline.escape_markdown(item.alt)}", table(item.data)]


def _clause(item: Clause) -> list[str]:
    lines = [f"> **{inline.markdown(item.title)}**"] if item.title else []
    lines += [">", f"> {inline.markdown(item.text)}"] if item.text else []
    lines += [">"] if item.terms else []
    lines += [f"> - **{inline.markdown(term)}**: {inline.markdown(meaning)}" for term, meaning in item.terms]
    return ["\n".join(lines)]


def _code(item: Code) -> str:
    longest = max((len(run) for run in re.findall(r"`+", item.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{item.language}\n{item.text.rstrip()}\n{fence}"


def _paragraph(text: str) -> str:
    # What would start a heading, a list or a rule at the beginning of a line is text here.
    return re.sub(r"\A(\s*)([#+~=-]|\d+(?=[.)]))", r"\1\\\2", inline.markdown(text))


def _blocks(blocks: tuple[Block, ...], counter: Iterator[int]) -> list[str]:
    parts: list[str] = []
    for block in blocks:
        parts += _block(block, counter)
    return parts


def _block(block: Block, counter: Iterator[int]) -> list[str]:
    match block:
        case Paragraph():
            return [_paragraph(block.text)]
        case Heading():
            return [f"### {inline.markdown(block.text)}"]
        case Note():
            word = TONE_WORDS.get(block.tone, "Note")
            return [f"> **{word}:** {inline.markdown(block.text)}"]
        case Bullets():
            marks = (f"{number}." if block.ordered else "-" for number in itertools.count(1))
            return [
                "\n".join(f"{mark} {inline.markdown(text)}" for mark, text in zip(marks, block.items, strict=False))
            ]
        case Definitions():
            return _definitions(block.items)
        case Clause():
            return _clause(block)
        case Code():
            return [_code(block)]
        case Table():
            return [table(block)]
        case Figure():
            return _figure(block, counter)
        case Details():
            return [f"**{inline.markdown(block.summary)}**", *_blocks(block.blocks, counter)]
        case Grid():
            return _blocks(block.blocks, counter)
