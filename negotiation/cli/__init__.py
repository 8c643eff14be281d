"""The command line: `negotiation run`, `check`, `show`, `compare`, `list`, `new`, `report`."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code says how it went (0 done, 1 a check failed, 2 bad input, 3 the machine
    failed, 130 interrupted).

    arguments: the words of the command, by default those the process was started with.
    """
    from negotiation._cores import one_thread_each

    one_thread_each()
    from negotiation.cli.app import app

    app(args=arguments)
