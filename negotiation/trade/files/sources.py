"""Sources of numbers: those shipped with the package, and those a scenario file adds.

A key that starts with "judgement" or "assumption" is exactly a source of kind "judgement": what a table marks as
judgement and what the file calls so cannot differ.
"""

from __future__ import annotations

import functools
import tomllib
from typing import Any

from negotiation._files import data_text
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import SourceTable, kind_of, validate_table
from negotiation.trade.files.toml_positions import key_places
from negotiation.trade.parameters.dates import first_day
from negotiation.trade.parameters.frozen_map import FrozenMap
from negotiation.trade.parameters.parameter import SOURCE_KINDS, Source, is_judgement_source


@functools.cache
def embedded_sources() -> FrozenMap[Source]:
    """Return the sources shipped with the package, by key."""
    text = data_text("sources.toml")
    reading = ProblemCollector("sources.toml", text, tomllib.loads(text), key_places(text))
    found = read_sources(reading, reading.data)
    reading.finish()
    return FrozenMap(found)


def read_sources(reading: ProblemCollector, raw: Any) -> dict[str, Source]:
    """Return the sources of a table key -> source; faults are recorded."""
    found: dict[str, Source] = {}
    prefix = () if raw is reading.data else ("sources",)
    if not isinstance(raw, dict):
        reading.fault(prefix, f"is {kind_of(raw)}, not a table")
        return found
    for name, item in raw.items():
        key = (*prefix, name)
        table = validate_table(reading, SourceTable, item, key)
        if table is None:
            continue
        if table.kind not in SOURCE_KINDS:
            reading.fault((*key, "kind"), f"is '{table.kind}'", "allowed: published, judgement")
        elif is_judgement_source(name) != (table.kind == "judgement"):
            reading.fault(key, "a key that starts with judgement or assumption, and only such a key, is a judgement")
        if table.date:
            try:
                first_day(table.date)
            except ValueError as error:
                reading.fault((*key, "date"), str(error))
        if not reading.is_spoiled(key):
            found[name] = Source(name, table.title, table.publisher, table.date, table.url, table.kind)
    return found
