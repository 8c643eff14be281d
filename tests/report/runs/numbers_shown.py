"""Which numbers the tables and figures of a report show, and which of them results.json lacks."""

import bisect
import json
import math

from negotiation.report.document import Cell, Details, Figure, Grid, Table
from negotiation.report.runs.saved import canonical
from tests.tools.results_schema import FILE


def tables(report):
    """Yield (name, table) of every table, and of the numbers behind every figure."""
    picture = [report.picture] if report.picture else []
    yield from _tables([*picture, *(block for section in report.sections for block in section.blocks)])


def _tables(blocks):
    for block in blocks:
        if isinstance(block, Table):
            yield block.key or block.caption, block
        elif isinstance(block, Figure):
            yield block.key, block.data
        elif isinstance(block, Details | Grid):
            yield from _tables(block.blocks)


def shown(report):
    """Yield (table, column, number) for every finite number before it is formatted."""
    for name, table in tables(report):
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                value = cell.value if isinstance(cell, Cell) else cell
                if not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value):
                    yield name, column.name, float(value)


def numbers(data):
    """Yield every number of plain data."""
    if isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from numbers(item)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield float(data)


def missing(report, results):
    """Return the shown numbers that the results do not hold to 1e-9, relative to their size above 1."""
    there = sorted(numbers(results))

    def absent(value):
        room = 1e-9 * max(1.0, abs(value))
        at = bisect.bisect_left(there, value - room)
        return at == len(there) or there[at] > value + room

    return [item for item in shown(report) if absent(item[2])]


def as_written(results):
    """Return the results as a reader of the file gets them."""
    return json.loads(canonical(results))


def schema_errors(results):
    """Return what the published schema has against the results, as (path, message)."""
    import jsonschema  # here, so that an environment without it still collects the other tests

    found = jsonschema.Draft202012Validator(json.loads(FILE.read_text("utf-8"))).iter_errors(results)
    return [(error.json_path, error.message[:300]) for error in found]
