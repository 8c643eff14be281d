"""What a report IS: frozen blocks of text, tables and figures, with no word about how they are drawn.

A `Report` opens with a question, its answer in three sentences, one picture and the line that would flip it; then come
`Section`s, each a tuple of blocks. Text fields marked "inline" accept a small markup: **bold**, *italic*, `code` and
[words](https://address or #anchor); everything else is shown literally, HTML included. Text that comes from a user
(names, titles) goes through `literal` before it is put into an inline field.

Table cells hold text (inline), a number, True or False (shown as a mark and a word), None (shown as "n/a"), or a
`Cell` that says more. Numbers are kept exact here; `Column.digits` only says how many decimals are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from negotiation._values import Value
from negotiation.errors import InputError

Tone = Literal["", "good", "bad", "warning", "info", "limit", "muted"]
_KEY = re.compile(r"[a-z][a-z0-9-]*\Z")
_MARKUP = re.compile(r"([\\`*_\[\]])")


def literal(text: str) -> str:
    r"""Return `text` with the characters of the inline markup escaped, so that it is shown exactly as it is.

    >>> literal("a*b [c]")
    'a\\*b \\[c\\]'
    """
    return _MARKUP.sub(r"\\\1", text)


def slug(text: str) -> str:
    """Return a key (lower-case letters, digits, hyphens; starts with a letter) made from any text.

    >>> slug("Keep / license: 2025")
    'keep-license-2025'
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words if words[:1].isalpha() else f"x-{words}".rstrip("-")


class Paragraph(Value):
    """A paragraph of inline `text`."""

    text: str


class Heading(Value):
    """A heading inside a section (inline `text`); `key` makes it an anchor, by default the slug of the text."""

    text: str
    key: str = ""


class Note(Value):
    """A remark set apart: inline `text`, `tone` "info", "warning", "limit", "good" or "bad"."""

    text: str
    tone: Tone = "info"


class Bullets(Value):
    """A list of inline `items`."""

    items: tuple[str, ...]


class Clause(Value):
    """Text a negotiator could paste: a `title`, `terms` as (label, text) pairs, the `text` itself (all inline)."""

    title: str
    terms: tuple[tuple[str, str], ...] = ()
    text: str = ""


class Cell(Value):
    """A table cell that says more than its value.

    `mark` is a short sign or word beside the value ("best reply"), `tone` colours it (always with a sign or weight,
    never colour alone), `bold`, `judgement` sets it in italics as a judged number, `title` is a longer explanation.
    """

    value: str | float | bool | None
    mark: str = ""
    tone: Tone = ""
    bold: bool = False
    judgement: bool = False
    title: str = ""


class Column(Value):
    """A table column: inline `name`, `unit`, `kind` "text", "number" or "mark" (yes or no).

    `digits` decimals are shown (None: three significant digits); `signed` shows a plus; neighbours with the same
    `group` share one heading above them; `title` explains the column.
    """

    name: str
    unit: str = ""
    kind: Literal["text", "number", "mark"] = "text"
    digits: int | None = None
    signed: bool = False
    group: str = ""
    title: str = ""


CellValue = str | float | bool | None | Cell
Row = tuple[CellValue, ...]


class Table(Value):
    """Rows under columns; the first column names the row. `notes` (inline) stand below; `key` is its anchor."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    sortable: bool = True
    key: str = ""
    notes: tuple[str, ...] = ()

    def _check(self) -> None:
        if not self.columns:
            raise InputError.single("report", f"table '{self.caption}'", "has no columns")
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                where = f"table '{self.caption}', row {number}"
                raise InputError.single("report", where, f"has {len(row)} cells for {len(self.columns)} columns")


class Figure(Value):
    """A picture with its words and its numbers.

    `key` is its anchor, unique in the report; `svg` an inline SVG text from `svg.figure`; `alt` says in words what
    is seen (plain text); `caption` is inline; `data` holds the numbers drawn.
    """

    key: str
    svg: str
    alt: str
    caption: str
    data: Table

    def _check(self) -> None:
        _check_key("figure", self.key)
        if not self.svg.lstrip().startswith("<svg"):
            raise InputError.single("report", f"figure '{self.key}'", "is not an SVG text starting with <svg")
        if not self.alt.strip():
            raise InputError.single("report", f"figure '{self.key}'", "has no alt text")


class Details(Value):
    """Blocks behind an inline `summary`, closed on screen and open in print."""

    summary: str
    blocks: tuple[Block, ...]


class Grid(Value):
    """Blocks side by side where the page is wide enough, for small multiples."""

    blocks: tuple[Block, ...]


Block = Paragraph | Heading | Note | Bullets | Clause | Table | Figure | Details | Grid


class Section(Value):
    """A part of the report: `key` is its anchor, `title` its heading, `intro` (inline) says what it answers.

    Tables without rows are left out, and details that held nothing else: heads over nothing say nothing.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    intro: str = ""

    def _check(self) -> None:
        _check_key("section", self.key)
        object.__setattr__(self, "blocks", _without_empty(self.blocks))


def _without_empty(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    full: list[Block] = []
    for block in blocks:
        if isinstance(block, Details | Grid):
            block = block.replace(blocks=_without_empty(block.blocks))
            full += [block] if block.blocks else []
        elif not isinstance(block, Table) or block.rows:
            full.append(block)
    return tuple(full)


class Badge(Value):
    """A small fact under the answer: `label`, `value` (plain text), `tone`; `title` explains it."""

    label: str
    value: str
    tone: Tone = ""
    title: str = ""


class Report(Value):
    """The whole document.

    `title` and `question` are plain text; `subtitle`, the `answer` sentences and `flip` (what would flip the answer)
    are inline; `picture` carries the answer; `provenance` is (label, inline value) pairs shown last.
    """

    title: str
    question: str
    subtitle: str
    answer: tuple[str, ...]
    picture: Figure | None = None
    flip: str = ""
    badges: tuple[Badge, ...] = ()
    sections: tuple[Section, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()

    def _check(self) -> None:
        pictures = () if self.picture is None else (self.picture,)
        keys = [part.key for part in (*self.sections, *pictures, *figures_in(self.sections))]
        for key in keys:
            if keys.count(key) > 1:
                raise InputError.single("report", "keys", f"'{key}' names more than one section or figure")


def figures_in(sections: tuple[Section, ...]) -> tuple[Figure, ...]:
    """Return every figure of the sections in reading order, those inside details and grids included."""

    def walk(blocks: tuple[Block, ...]) -> Iterator[Figure]:
        for block in blocks:
            if isinstance(block, Figure):
                yield block
            elif isinstance(block, Details | Grid):
                yield from walk(block.blocks)

    return tuple(figure for section in sections for figure in walk(section.blocks))


def _check_key(what: str, key: str) -> None:
    if not _KEY.match(key):
        hint = "lower-case letters, digits and hyphens, starting with a letter"
        raise InputError.single("report", f"{what} key '{key}'", "cannot be an anchor", hint)
