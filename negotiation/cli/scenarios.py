"""Verbs for scenario files: `list`, `show`, `check`, `new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Scenario files"
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command("list", rich_help_panel=PANEL)(list_scenarios)
    app.command("show", rich_help_panel=PANEL)(show)
    app.command("check", rich_help_panel=PANEL)(check)
    app.command("new", rich_help_panel=PANEL)(new)


def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that are shipped."""
    from negotiation.cli.messages import next_command, say
    from negotiation.cli.scenario_text import as_json_text, overview_rows
    from negotiation.report.text_table import table
    from negotiation.trade.files.load import embedded_scenarios, load_scenario

    found = [load_scenario(name) for name in embedded_scenarios()]
    if as_json:
        say(as_json_text({item.name: {"title": item.title, "as_of": item.as_of} for item in found}))
        return
    say(table(("scenario", "as of", "numbers", "judgement", "title"), overview_rows(found)))
    say("\n" + next_command("show", "rollback-2025"))


def show(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a file.")],
    path: Annotated[
        str, typer.Argument(help="A parameter such as minerals.leverage, or a part such as minerals or calls.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Look numbers up: value, plausible range, unit, meaning, source and date."""
    from negotiation.cli import scenario_text as text
    from negotiation.cli.messages import next_command, say
    from negotiation.trade.files.load import load_scenario

    loaded = load_scenario(scenario)
    if as_json:
        say(text.as_json_text(text.as_data(loaded, path)))
        return
    say(text.shown(loaded, path))
    say("\n" + next_command(*text.after_show(loaded, scenario, path)))


def check(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped scenario.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Also refuse every number that was not yet known on that date."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a scenario file. Exit code 2 when it is wrong, 1 when it uses numbers later than --as-of."""
    from negotiation.cli import scenario_text as text
    from negotiation.cli.messages import next_command, say
    from negotiation.trade.files.load import check_as_of, load_scenario

    loaded = load_scenario(file)
    later = check_as_of(loaded, as_of) if as_of is not None else ()
    if as_json:
        say(text.as_json_text(text.check_data(loaded, as_of, later)))
    else:
        say(text.check_report(loaded, file, as_of, later))
        say("\n" + (next_command("show", file, later[0]) if later else next_command("run", file)))
    if later:
        raise typer.Exit(1)


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario; NAME.toml is written here.")],
    parent: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="What it starts from: a shipped scenario or a file.")
    ] = "rollback-2025",
) -> None:
    """Start a scenario of your own: a short file that extends another, with examples to uncomment."""
    from negotiation.cli.messages import next_command, say
    from negotiation.cli.new_scenario import write_new

    written = write_new(name, parent, Path.cwd())
    say(f"wrote    {written.name}, which extends {parent}")
    say(next_command("check", written.name))
