r"""The small inline markup of a report, read once and written as HTML, Markdown or plain text.

**bold**, *italic*, `code`, [words](address), and a backslash before any of `\ ` * _ [ ]` to show it as it is. All the
rest is literal: HTML in a name is shown, never obeyed. Only `https:`, `http:`, `#anchor` and plain file names are
addresses; a link to anything else is shown as written. Control characters and marks that reverse the direction of
text, with which a name could hide what it is, appear as "�".
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

_BODY = r"(?:\\.|[^\\])+?"
_TOKEN = re.compile(
    r"\\(?P<escaped>[\\`*_\[\]])"
    r"|`(?P<code>[^`]+)`"
    rf"|\*\*(?=\S)(?P<bold>{_BODY})(?<=\S)\*\*"
    rf"|\*(?=[^\s*])(?P<italic>{_BODY})(?<=[^\s*])\*"
    r"|\[(?P<words>(?:\\.|[^\\\[\]])+)\]\((?P<address>[^()\s]+)\)"
    r"|.[^\\`*\[]*",  # all else, up to what may start a piece
    re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?://[^\s<>\"']+|#[\w.-]+|[\w-][\w.-]*)\Z")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_MARKDOWN = re.compile(r"[\\`*\[\]<>&|]|(?<!\w)_|_(?!\w)")


class Span(NamedTuple):
    """A piece of text: `kind` "text", "code", "bold", "italic" or "link"; bold, italic and links hold inner markup."""

    kind: str
    text: str
    address: str = ""


def visible(text: str) -> str:
    """Return `text` with control characters, direction marks and broken halves of characters shown as "�"."""
    return _HIDDEN.sub("�", text) if _HIDDEN.search(text) else text


def link(words: str, address: str) -> str:
    """Return a link in inline markup; `words` are inline themselves.

    >>> link("the note", "https://a.example/x(1)")
    '[the note](https://a.example/x%281%29)'
    """
    safe = address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{words}]({safe})"


def spans(text: str) -> Iterator[Span]:
    """Yield the pieces of inline `text` in order."""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind in ("code", "bold", "italic"):
            yield Span(kind, match[kind])
        elif kind == "address" and _ADDRESS.match(match["address"]):
            yield Span("link", match["words"], match["address"])
        else:
            yield Span("text", match["escaped"] or match[0])


def html(text: str) -> str:
    """Return inline `text` as escaped HTML.

    >>> html("**a** <b>")
    '<strong>a</strong> &lt;b&gt;'
    """
    return "".join(map(_html, spans(visible(text))))


def markdown(text: str) -> str:
    r"""Return inline `text` as one line of Markdown in which nothing else is obeyed.

    >>> markdown("**a** <b>")
    '**a** \\<b\\>'
    """
    return "".join(map(_markdown, spans(visible(text).replace("\n", " "))))


def plain(text: str) -> str:
    """Return inline `text` without its markup.

    >>> plain("**a** [b](#c)")
    'a b'
    """
    return "".join(span.text if span.kind in ("text", "code") else plain(span.text) for span in spans(visible(text)))


def escape_markdown(text: str) -> str:
    """Return literal `text` as one line of Markdown in which nothing is obeyed."""
    return _MARKDOWN.sub(r"\\\g<0>", visible(text).replace("\n", " "))


def _html(span: Span) -> str:
    if span.kind == "text":
        return escape(span.text)
    if span.kind == "link":
        outside = ' rel="noopener noreferrer"' if ":" in span.address else ""
        return f'<a href="{escape(span.address)}"{outside}>{html(span.text)}</a>'
    tag = {"code": "code", "bold": "strong", "italic": "em"}[span.kind]
    return f"<{tag}>{escape(span.text) if tag == 'code' else html(span.text)}</{tag}>"


def _markdown(span: Span) -> str:
    if span.kind == "text":
        return escape_markdown(span.text)
    if span.kind == "link":
        return f"[{markdown(span.text)}]({span.address})"
    mark = {"code": "`", "bold": "**", "italic": "*"}[span.kind]
    return f"{mark}{span.text if mark == '`' else markdown(span.text)}{mark}"
