"""A line of progress on the terminal for work that takes longer than a moment; nothing where nobody is watching."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[str, str], None]


@contextmanager
def progress(quiet: bool = False) -> Iterator[Step]:
    """Yield a function to be called with (what is being done, the piece that is done); it shows a spinner with both."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _piece: None
        return
    from rich.console import Console

    start = time.perf_counter()
    console = Console(stderr=True)
    with console.status("solving …", spinner="dots") as status:

        def step(stage: str, piece: str) -> None:
            status.update(f"{stage}: {piece.replace('_', ' ')}  [dim]{time.perf_counter() - start:.1f} s[/dim]")

        yield step
