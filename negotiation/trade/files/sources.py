"""Sources of numbers: those shipped with the package, and those a scenario file adds.

A key that starts with "judgement" or "assumption" is exactly a source of kind "judgement": what a table marks as
judgement and what the file calls so cannot differ.
"""

from __future__ import annotations

import functools
import tomllib
from typing import Any

from negotiation._files import data_text
from negotiation.trade.files.problem_collector import ProblemCollector, key_places
from negotiation.trade.files.tables import SourceTable, kind_of, validate_table
from negotiation.trade.parameters.frozen_map import FrozenMap
from negotiation.trade.parameters.parameter import SOURCE_KINDS, Source, first_day, is_judgement_source


@functools.cache
def embedded_sources() -> FrozenMap[Source]:
    """Return the sources shipped with the package, by key."""
    text = data_text("sources.toml")
    collector = ProblemCollector("sources.toml", text, tomllib.loads(text), key_places(text))
    sources = read_sources(collector, collector.data)
    collector.finish()
    return FrozenMap(sources)


def read_sources(collector: ProblemCollector, raw: Any) -> dict[str, Source]:
    """Return the sources of a table key -> source; faults are recorded."""
    sources: dict[str, Source] = {}
    prefix = () if raw is collector.data else ("sources",)
    if not isinstance(raw, dict):
        collector.fault(prefix, f"is {kind_of(raw)}, not a table")
        return sources
    for name, item in raw.items():
        key = (*prefix, name)
        table = validate_table(collector, SourceTable, item, key)
        if table is None:
            continue
        if table.kind not in SOURCE_KINDS:
            collector.fault((*key, "kind"), f"is '{table.kind}'", "allowed: published, judgement")
        elif is_judgement_source(name) != (table.kind == "judgement"):
            collector.fault(key, "a key that starts with judgement or assumption, and only such a key, is a judgement")
        if table.date:
            try:
                first_day(table.date)
            except ValueError as error:
                collector.fault((*key, "date"), str(error))
        if not collector.is_spoiled(key):
            sources[name] = Source(key=name, **table.model_dump())
    return sources
