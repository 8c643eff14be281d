"""A report as ONE HTML page: no request to anywhere, readable without script, on a phone, in print, light and dark.

The page carries its style and one short script (sorting, printing, the index). A content security policy forbids the
browser to load or run anything else, so that not even a mistake in escaping could. Names are escaped by the template;
inline markup by `inline`. The same report gives the same bytes.
"""

import base64
import functools
import hashlib
import itertools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from negotiation.report.document import Figure, Report, Table, slug
from negotiation.report.render import inline, palette
from negotiation.report.render.cells import TONE_WORDS, display_of

_TEMPLATES = Path(__file__).parent / "templates"
_MINIMUM_TO_SORT = 3  # rows: two are compared at a glance


def render(report: Report) -> str:
    """Return the whole page as text (UTF-8, lines end with a newline)."""
    script, css = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.js", "report.css"))
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            anchors=_Anchors(section.key for section in report.sections),
            css=Markup(palette.css_variables() + css),
            script=Markup(script),
            policy=policy,
        )
    )


def table(content: Table) -> str:
    """Return one table as HTML, as the page has it."""
    return str(_environment().get_template("blocks.html").module.table(content, _Anchors()))  # type: ignore[attr-defined]


class _Anchors:
    """The ids and labels of one page and the numbers of its figures, handed out in reading order."""

    def __init__(self, sections: Iterable[str] = ()) -> None:
        self._ids = {"answer", "provenance", "main", *sections}
        self._labels: set[str] = set()
        self.figure = itertools.count(1).__next__

    def label(self, text: str) -> str:
        """Return the name of a region for screen readers: `text`, with a number where others have it too."""
        return self._free(self._labels, text, "{} ({})")

    def unique(self, wanted: str) -> str:
        """Return `wanted` as an id, or `wanted-2`, `wanted-3`, ... when it is taken."""
        return self._free(self._ids, wanted, "{}-{}")

    def _free(self, taken: set[str], wanted: str, form: str) -> str:
        names = itertools.chain([wanted], (form.format(wanted, number) for number in itertools.count(2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        return name


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        inline=lambda text: Markup(inline.html(text)),
        plain=inline.plain,
        slug=slug,
        kind=lambda block: type(block).__name__,
        display=display_of,
        bands=_bands,
        sortable=lambda table: table.sortable and len(table.rows) >= _MINIMUM_TO_SORT,
        tone_word=lambda tone: TONE_WORDS.get(tone, ""),
        svg=lambda figure: Markup(figure.svg),
        natural_width=_natural_width,
    )
    return environment


def _finalize(value: Any) -> Any:
    # What is already HTML has been through `inline`, or is a drawing, a style or a script of this package.
    return inline.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _bands(table: Table) -> list[tuple[str, int]]:
    """Return (heading, number of columns) of the row above the column names; empty when no column has a group."""
    if not any(column.group for column in table.columns):
        return []
    runs = itertools.groupby(table.columns, key=lambda column: column.group)
    return [(group, len(list(columns))) for group, columns in runs]


def _natural_width(figure: Figure) -> int:
    width = re.search(r'viewBox="\S+ \S+ ([\d.]+)', figure.svg)
    return round(float(width[1])) if width else 680
