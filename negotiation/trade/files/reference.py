"""The scenario reference of the documentation, written from the registry so that it cannot fall behind the code."""

from collections.abc import Iterable

import tomli_w

from negotiation._tables import FileTable
from negotiation._values import plain
from negotiation.trade import MAIN_SCENARIO
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.files.tables import (
    CallTable,
    Header,
    ParameterTable,
    PayoffsTable,
    RegimeTable,
    SourceTable,
)
from negotiation.trade.parameters.changes import CHANGE_SIGNS
from negotiation.trade.parameters.parameter import number_text
from negotiation.trade.parameters.registry import INSTEAD_OF, REGISTRY, UNITS, Kind, RegistryEntry
from negotiation.trade.scenario.scenario import Scenario

EXAMPLE_PATH = "minerals.leverage"

INTRO = f"""# Scenario reference

This page is written by `negotiation reference`; edit `negotiation/data/parameters.csv`, not the page.

A scenario is one TOML file. It states every number of a dispute with its source, or only what differs from the
scenario it `extends`. In an extending file a bare number replaces the value alone (its source becomes
`judgement-own`). `negotiation check FILE` names every mistake at once; `negotiation show SCENARIO [PATH]` looks
numbers up; `negotiation new NAME --from SCENARIO` starts a file. The values below are those of `{MAIN_SCENARIO}`.
"""


def scenario_reference() -> str:
    """Return the page as Markdown."""
    default = load_scenario(MAIN_SCENARIO)
    shipped = [(f"`{each.name}`", each.as_of, each.title) for each in map(load_scenario, embedded_scenarios())]
    names = [name for name in ParameterTable.model_fields if name != "range_source"]
    stated = plain(default.parameter(EXAMPLE_PATH))
    example = {name: stated[name] for name in names if stated[name] is not None}
    parts = [
        INTRO,
        _keys("At the top of the file", Header),
        _keys("A parameter", ParameterTable),
        f"```toml\n[{EXAMPLE_PATH}]\n{tomli_w.dumps(example)}```\n",
        _parameters("Parameters of an economy", "economy", default),
        _parameters("Parameters of given payoffs", "payoffs", None),
        _keys("`[payoffs]`", PayoffsTable),
        _keys("`[[calls]]`", CallTable),
        _changes(),
        _keys("`[[regimes]]`", RegimeTable),
        _keys("`[sources.KEY]`", SourceTable),
        "## Units\n\n" + _table(("unit", "meaning"), UNITS.items()),
        "## Shipped scenarios\n\n" + _table(("name", "as of", "title"), shipped),
    ]
    return "\n".join(parts)


def _keys(title: str, model: type[FileTable]) -> str:
    rows = [(f"`{name}`", str(field.description)) for name, field in model.model_fields.items()]
    return f"## {title}\n\n" + _table(("key", "meaning"), rows)


def _parameters(title: str, kind: Kind, default: Scenario | None) -> str:
    head = ("symbol", "path", "value", "plausible range", "unit", "domain", "meaning")
    rows = [_row(entry, default, kind) for entry in REGISTRY if kind in entry.kinds]
    return f"## {title}\n\n" + _table(head, rows)


def _row(entry: RegistryEntry, default: Scenario | None, kind: Kind) -> tuple[str, ...]:
    shown = [parameter for path, parameter in default.listed.items() if entry.matches(path)] if default else []
    values = [round(each.value, 6) if isinstance(each.value, float) else each.value for each in shown]
    unit = entry.unit if kind == "economy" or not entry.in_payoff_unit else "that of the payoffs"
    names = ("NAME",) if entry.path.count("*") == 1 else ("PLAYER", "ROW", "COLUMN")[-entry.path.count("*") :]
    shown_path, left_out = entry.path, entry.default
    if left_out is not None:
        left_out = number_text(left_out) if isinstance(left_out, float) else f"`{left_out}`"
    remark = f" (left out: {left_out})" if left_out else ""
    if entry.path in INSTEAD_OF:
        remark = f" (instead of `{INSTEAD_OF[entry.path]}`)"
    for name in names:
        shown_path = shown_path.replace("*", name, 1)
    return (
        entry.symbol,
        f"`{shown_path}`",
        " / ".join(map(number_text, values)),
        " / ".join(each.range_text for each in shown if each.range_text),
        unit,
        f"`{entry.domain}`",
        f"{entry.meaning}{remark}",
    )


def _changes() -> str:
    rows = [
        (f"`minerals.leverage {CHANGE_SIGNS['set']} 0.85`", "set the value"),
        (f"`minerals.leverage {CHANGE_SIGNS['add']} 0.1`", "add to it"),
        (f"`monitoring.delay_probability {CHANGE_SIGNS['scale']} 1.5`", "scale it"),
        ("`monitoring.edges = 0.2, 0.5, 0.8`", "set a vector; add and scale work entry by entry"),
    ]
    text = (
        "One grammar serves the `changes` of a call, `--set` on the command line (without blanks) and sweeps. A change "
        "may leave the plausible range, which gives a notice, and never the domain.\n\n"
    )
    return "## Changes\n\n" + text + _table(("change", "meaning"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += [
        "| " + " | ".join(cell if "`" in cell else cell.replace("*", "\\*") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"
