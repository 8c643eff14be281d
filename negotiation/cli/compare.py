"""`negotiation compare A B`: what differs between two scenarios, or between the scenarios of two result folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from negotiation._files import mode_of
from negotiation.cli.scenarios import PANEL, AsJson

SCENARIO_FILE = "scenario.toml"


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("compare", rich_help_panel=PANEL)(compare)


def scenario_file(text: str) -> str:
    """Return what to load for a scenario name, a file, or a result folder (which keeps its exact scenario)."""
    inside = Path(text) / SCENARIO_FILE
    return str(inside) if mode_of(inside) else text


def compare(
    a: Annotated[str, typer.Argument(help="A shipped scenario, a file, or a result folder.")],
    b: Annotated[str, typer.Argument(help="The same; what A has stands before, what B has after.")],
    as_json: AsJson = False,
) -> None:
    """Say what differs between two scenarios, before → after; between two result folders also in the answers."""
    from negotiation.cli.differences import differences
    from negotiation.cli.messages import next_command, say
    from negotiation.cli.result_differences import headline_differences
    from negotiation.cli.scenario_text import as_json_text
    from negotiation.errors import count_text
    from negotiation.report.text_table import table
    from negotiation.trade.files.load import load_scenario

    before, after = load_scenario(scenario_file(a)), load_scenario(scenario_file(b))
    rows = differences(before, after)
    headline = headline_differences(a, b)
    if as_json:
        keys = ("path", "before", "after", "unit")
        listed = [dict(zip(keys, row, strict=True)) for row in rows]
        answers = [dict(zip(("outcome", "number", "before", "after"), row, strict=True)) for row in headline or ()]
        say(as_json_text({"a": a, "b": b, "differences": listed, "headline": answers}))
        return
    say(f"{before.name} → {after.name}: {count_text(len(rows), 'difference')}")
    if rows:
        say("")
        say(table(("what", "before", "after", "unit"), rows))
    if headline is not None:
        say(f"\nanswers: {count_text(len(headline), 'difference')} between headline numbers\n")
        say(table(("outcome", "number", "before", "after"), headline))
    shown = [row[0] for row in rows if row[0] in after.parameters][:1]
    say("\n" + next_command("show", scenario_file(b), *shown))
