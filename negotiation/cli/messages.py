"""What the commands say in words: mistakes with their line and a caret, and the next sensible command."""

import shlex
import shutil
import sys
from pathlib import Path

from negotiation.errors import InputError, NegotiationError, Problem, count_text

MESSAGE_WIDTH = 100  # characters of a line of a file that is shown; a longer one is cut around its fault


def error_text(error: NegotiationError) -> str:
    """Return an error for the terminal; an `InputError` shows every problem with its line and what to write."""
    if not isinstance(error, InputError):
        return printable(str(error))
    if all(problem.line is None for problem in error.problems):
        sentences = [printable(f"{error.origin}: {problem.sentence()}") for problem in error.problems]
        return "\n".join(sentences)
    head = f"{printable(error.origin)}: {count_text(len(error.problems), 'problem')}, nothing was run"
    return "\n\n".join([head, "\n".join(problem_text(problem) for problem in error.problems)])


def problem_text(problem: Problem) -> str:
    """Return one problem: path and message, the line of the file, a caret with the hint.

    >>> print(problem_text(Problem("a.b", "unknown key", "did you mean 'c'?", line=3, text="b = 1")))
      a.b  unknown key
        3 │ b = 1
          │ ^ did you mean 'c'?
    """
    lines = ["  " + printable(f"{problem.path}  {problem.message}" if problem.path else problem.message)]
    if problem.line is None:
        return "\n".join([*lines, f"      {printable(problem.hint)}"] if problem.hint else lines)
    text, column = _window(problem.text, problem.column)
    number = str(problem.line)
    lines.append(f"    {number} │ {text}")
    lines.append(f"    {' ' * len(number)} │ {' ' * column}^ {printable(problem.hint)}".rstrip())
    return "\n".join(lines)


def _window(text: str, column: int) -> tuple[str, int]:
    """Return the part of a long line around `column`, and the column in it."""
    text = printable(text)
    if len(text) <= MESSAGE_WIDTH:
        return text, min(column, len(text))
    start = max(0, min(column - MESSAGE_WIDTH // 3, len(text) - MESSAGE_WIDTH))
    head, tail = "… " if start else "", " …" if start + MESSAGE_WIDTH < len(text) else ""
    return f"{head}{text[start : start + MESSAGE_WIDTH]}{tail}", column - start + len(head)


def say(text: str, end: str = "\n") -> None:
    """Print to standard output at once, without what could steer a terminal."""
    sys.stdout.write(printable(text) + end)
    sys.stdout.flush()


def printable(text: str) -> str:
    """Return `text` without characters that could steer a terminal; a tab becomes one blank."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def program() -> str:
    """Return how this program was started, so that a printed command works as pasted."""
    started = Path(sys.argv[0])
    if started.name != "negotiation":
        beside = Path(sys.executable).with_name("negotiation")
        return _short(beside) if beside.exists() else f"{_short(Path(sys.executable))} -m negotiation"
    command = shutil.which("negotiation")
    if command is not None and Path(command).resolve() == started.resolve():
        return "negotiation"
    return _short(started)


def next_command(*words: str) -> str:
    """Return the line that names the next sensible command."""
    return f"next     {program()} {shlex.join(words)}"


def _short(path: Path) -> str:
    absolute = path.absolute()
    here = Path.cwd()
    return shlex.quote(str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute))
