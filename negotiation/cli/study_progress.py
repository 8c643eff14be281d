"""The live line of a study: points done, rate, time left; notes (a worker died, a part was damaged) above it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from negotiation.studies.run import Progress


@contextmanager
def study_progress(total: int, quiet: bool = False) -> Iterator[Progress]:
    """Yield the progress function of a study; without a terminal only the notes are written, to standard error."""
    if quiet or not sys.stderr.isatty():
        yield (lambda _done, _total, _note: None) if quiet else _notes
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("points  {task.fields[rate]}"),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total, rate="")

        def step(done: int, _total: int, note: str) -> None:
            speed = shown.tasks[0].speed
            shown.update(task, completed=done, rate=f"{speed:,.0f} a second" if speed else "")
            if note:
                shown.console.print(note, highlight=False, markup=False)

        yield step


def _notes(_done: int, _total: int, note: str) -> None:
    if note:
        sys.stderr.write(note + "\n")
