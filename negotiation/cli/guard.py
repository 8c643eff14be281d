"""How a command meets the machine: where it prints, what fails there, an interruption, and the code it ends with.

| code | meaning |
|---|---|
| 0 | done, whatever the answer |
| 1 | something that was asked to be checked does not hold |
| 2 | the input is wrong |
| 3 | the machine failed: disk, memory, output, a process that died |
| 130 | interrupted |
"""

import codecs
import contextlib
import io
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

from negotiation.cli.messages import error_text
from negotiation.errors import MachineError, NegotiationError

INTERRUPTED = 130  # exit code after Ctrl-C: 128 and the number of the signal, as shells have it
GRACE = 3.0  # seconds that an interrupted command has to put things in order
LEAST_MEMORY = 640 << 20  # bytes; under less, numerical libraries abort or wait for ever where they load or compile
_ASCII = {"✓": "yes", "✗": "no", "→": "->", "−": "-", "–": "-", "—": "-", "─": "-", "│": "|", "×": "x", "·": "*"}
_ASCII |= {"•": "*", "≥": ">=", "≤": "<=", "≈": "~", "±": "+/-", "∞": "inf", "“": '"', "”": '"', "‘": "'", "’": "'"}


def guarded(work: Callable[[], object]) -> NoReturn:
    """Run a command and end the process; every failure is one sentence on standard error and an exit code."""
    interrupted: list[bool] = []

    def interrupt(*_: object) -> None:
        if interrupted:
            os._exit(INTERRUPTED)
        interrupted.append(True)
        # a thread that compiles, or waits for a worker, would be waited for
        timer = threading.Timer(GRACE, _end)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        # whoever started this process may have asked for interruptions to be ignored
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, interrupt)
        # where Python cannot pass an interruption on (in a callback of a library), the process ends at once
        sys.unraisablehook = lambda fault: _end() if interrupted else sys.__unraisablehook__(fault)
        code = _code(work, interrupted)
        if not interrupted:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done
            sys.exit(code)
    _end()


def told(error: BaseException) -> int | None:
    """Say a failure on standard error and return its exit code; None for a fault of this program."""
    expected = error if isinstance(error, NegotiationError) else _of_machine(error)
    if expected is None:
        return None
    sys.stderr.write(error_text(expected) + "\n")
    return expected.exit_code


def _code(work: Callable[[], object], interrupted: list[bool]) -> int:
    try:
        _open_streams()
        _require_memory()
        try:
            work()
        except SystemExit as end:
            sys.stdout.flush()
            return end.code if isinstance(end.code, int) else int(bool(end.code))
        sys.stdout.flush()
    except Exception as error:
        code = None if interrupted else told(error)
        if code is None and not interrupted:
            raise
        return code or INTERRUPTED
    return 0


def _end() -> NoReturn:
    """End an interrupted process without waiting for its threads."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    with contextlib.suppress(Exception):
        sys.stderr.write("\ninterrupted\n")
        sys.stderr.flush()
    os._exit(INTERRUPTED)


def _of_machine(error: BaseException) -> MachineError | None:
    """Return what the machine refused, in words; None where an error is none of its doing."""
    if isinstance(error, MemoryError):
        return MachineError(f"There is not enough memory{f': {error}' if str(error) else ''}.")
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return MachineError(f"The system refused: {error.strerror or error}{place}.")
    if isinstance(error, EOFError):
        return MachineError("A file or a process ended before all that was expected came from it.")
    if isinstance(error, ImportError) or "start new thread" in str(error):
        reason = str(error).strip().rpartition("\n")[2]
        return MachineError(f"What this program needs could not be started: {reason}.")
    return None


def _require_memory() -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if 0 <= limit < LEAST_MEMORY:
            least = f"the least is {LEAST_MEMORY >> 20} MB"
            raise MachineError(f"There is not enough memory: this process may use {limit >> 20} MB, {least}.")


class _Stream(io.TextIOWrapper):
    """Standard output, on which a failure is the machine's; or standard error, where it is nobody's (`vital` False)."""

    vital = True
    before: Any = None

    def write(self, text: str) -> int:
        """Write, or say that it cannot be done."""
        return self._tried(super().write, text) or 0

    def flush(self) -> None:
        """Hand over what was written, or say that it cannot be done."""
        self._tried(super().flush)

    def _tried(self, action: Callable[..., Any], *arguments: str) -> Any:
        try:
            return action(*arguments)
        except OSError as error:
            # what is still to be written would fail again when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            if self.vital:
                raise MachineError.unwritable("The output", error) from None


def _open_streams() -> None:
    """Let standard output and error say what fails, and write ASCII for characters that a terminal does not know."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # else the next file that is opened would get the number of a closed stream, and what is printed
            closed = os.open(os.devnull, os.O_RDONLY if number == 1 else os.O_RDWR)
            os.set_inheritable(closed, True)
    codecs.register_error("negotiation.ascii", _counterparts)
    for number, name in ((1, "stdout"), (2, "stderr")):
        old = getattr(sys, name)
        raw = open(number, "wb", closefd=False) if old is None else getattr(old, "buffer", None)  # noqa: SIM115
        if raw is not None:
            new = _Stream(raw, getattr(old, "encoding", "utf-8"), "negotiation.ascii", line_buffering=True)
            new.vital, new.before = number == 1, old  # which would close what both write to when it goes
            setattr(sys, name, new)


def _counterparts(error: UnicodeError) -> tuple[str, int]:
    """Return ASCII for characters that an encoding does not have: "delta" for the letter, "yes" for a tick."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_counterpart, error.object[error.start : error.end])), error.end


def _counterpart(character: str) -> str:
    if character in _ASCII:
        return _ASCII[character]
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    name = unicodedata.name(character, "")
    return plain or (name.rpartition(" ")[2].lower() if name.startswith("GREEK") else "?")
