"""Documents as sequences of steps that a reader would take: files to save, commands to type, Python to run."""

import re
from dataclasses import dataclass

FENCE = re.compile(r"^```(\S*)\s*$")
SAVED = re.compile(r"(?:Save this(?: one)? as|Add this to) `([\w.-]+)`")
STARTS = ("negotiation ", ".venv/bin/", ". .venv/", "python3 ", "py -")
LANGUAGES = ("json", "toml", "csv", "nfg", "python", "text")


@dataclass(frozen=True)
class Step:
    """One thing to do. kind: "shell", "doctest", "formula", or the language of a fenced block; line: where it starts.

    file: the file that the sentence before a block names; grows: it is added to the file, which exists already.
    """

    kind: str
    text: str
    line: int
    file: str = ""
    grows: bool = False


def steps(text):
    """Return the steps of a document in order; a command is a step of its own, and so is each fenced block.

    >>> found = steps("Save this as `a.json`:\\n\\n```json\\n{}\\n```\\n\\n    negotiation list")
    >>> [(step.kind, step.file or step.text) for step in found]
    [('json', 'a.json'), ('shell', 'negotiation list')]
    """
    found, lines, prose, at = [], text.splitlines(), [], 0
    while at < len(lines):
        fence, start = FENCE.match(lines[at]), at
        if fence:
            at = next(number for number in range(at + 1, len(lines)) if lines[number].startswith("```")) + 1
            found.append(_fenced(fence[1], lines[start + 1 : at - 1], " ".join(prose), start + 1))
        elif lines[at].startswith("    ") and not (at and lines[at - 1].strip()):
            while at < len(lines) and (lines[at].startswith("    ") or not lines[at].strip()):
                at += 1
            found += _indented([line[4:] for line in lines[start:at]], start + 1)
        else:
            prose.append(lines[at])
            at += 1
            continue
        prose = []
    return found


def _fenced(language, body, before, line):
    text = "\n".join(body) + "\n"
    named = SAVED.search(before)
    if text.startswith(">>>"):
        return Step("doctest", text, line)
    return Step(language, text, line, named[1] if named else "", bool(named) and named[0].startswith("Add"))


def _indented(body, line):
    if body[0].startswith(">>>"):
        return [Step("doctest", "\n".join(body), line)]
    if not body[0].startswith(STARTS):
        return [Step("formula", "\n".join(body), line)]
    return [Step("shell", text, line + number) for number, text in enumerate(body) if text.strip()]
