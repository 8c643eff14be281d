"""The command line: `negotiation run`, `check`, `show`, `compare`, `list`, `new`, `report`."""

from __future__ import annotations

import os


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code says how it went (0 done, 1 a check failed, 2 bad input, 130 interrupted).

    arguments: the words of the command, by default those the process was started with.
    """
    # linear systems are small here: threads of a numerical library only take cores from processes that share the work
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from negotiation.cli.app import app

    app(args=arguments)
