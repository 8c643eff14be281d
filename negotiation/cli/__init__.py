"""The command line: `negotiation run`, `check`, `show`, `compare`, `list`, `new`, `report`."""

from typing import NoReturn


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and end the process; `guard` says what the exit codes mean.

    arguments: the words of the command, by default those the process was started with.
    """
    from negotiation.cli.guard import guarded

    guarded(lambda: _run(arguments))


def _run(arguments: list[str] | None) -> None:
    import gc

    from negotiation._cores import one_thread_each

    gc.set_threshold(50_000, 20, 20)  # results live on: looking for garbage as often as Python does is a tenth of a run
    one_thread_each()
    from negotiation.cli.app import app

    app(args=arguments)
