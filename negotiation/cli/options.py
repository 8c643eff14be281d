"""Options and arguments that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

Named = Annotated[str, typer.Argument(help="Name of a shipped scenario, or a file.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a number: =, += or *=. Give it as often as needed."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
Jobs = Annotated[int, typer.Option("--jobs", min=0, help="Processes to use; 0 means all cores.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write into this folder itself.")]
