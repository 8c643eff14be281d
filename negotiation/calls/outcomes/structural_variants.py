"""Does the verdict survive another structure: what China chooses from, which study's damage, leverage tied or free?

Ranges ask what happens if a number is a little off. These rows ask what happens if the model is another one; each
takes the terms anew.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from negotiation._values import Value
from negotiation.calls.outcomes.batch import OutcomePoints, analyse_points, has_column_path
from negotiation.errors import InputError
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.trade.files.damage_calibrations import damage_calibrations
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.derived import DELAY_STAY, LEVERAGE_PATH, PER_DAMAGE
from negotiation.trade.parameters.registry import CHINA_CHOICE, DELAY_PUBLISHED, DELAY_SEEN, READ
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario

# the calibrations shown: the least and the most damage that a study supports, and the two ends of the default's source
DAMAGES = ("low", "ecb-least", "ecb-most", "high")
# chance that a delay lasts into the next month: what the shipments say (`negotiation evidence`, the common disturbance)
LASTING = 0.629
CALIBRATED_SOURCE = "judgement-damage-calibration"  # of the output that those studies are about


class VariantVerdict(Value, kw_only=True):
    """One outcome under one structure: whether its selected rule holds, on which terms, and the joint value a month.

    length: months of the response (infinity: for ever; 0 without). payment: in the unit of the scenario.
    """

    outcome: str
    holds: bool
    length: float
    payment: float
    joint: float


class StructuralVariant(Value):
    """One change of structure: what it is in words, the changes that make it, the verdicts in order of the calls."""

    title: str
    changes: tuple[Change, ...]
    verdicts: tuple[VariantVerdict, ...]


def structural_variants(scenario: Scenario, calls: Sequence[CallOutcome]) -> tuple[StructuralVariant, ...]:
    """Return the verdicts of `calls` under each structure, the scenario's own first.

    Empty for payoffs of a scenario's own, and where a call selects a user's own automaton. A structure in which a call
    breaks a rule of the model is left out.
    """
    if scenario.kind != "economy" or not has_column_path(scenario):
        return ()
    variants = []
    for title, changes in _structures(scenario):
        try:
            changed = scenario.after(changes)
            verdicts = tuple(_verdict(changed, call) for call in calls)
        except InputError:
            continue
        variants.append(StructuralVariant(title, changes, verdicts))
    return tuple(variants)


def _structures(scenario: Scenario) -> Iterator[tuple[str, tuple[Change, ...]]]:
    yield "as it stands", ()
    if scenario.any_share:
        yield "China chooses among the listed shares", (Change(CHINA_CHOICE, "set", 0.0),)
    else:
        yield "China chooses any share", (Change(CHINA_CHOICE, "set", 1.0),)
    if scenario.delay_seen:
        yield "China does not see whether there is a delay", (Change(DELAY_SEEN, "set", 0.0),)
    else:
        yield "China sees whether there is a delay before it chooses", (Change(DELAY_SEEN, "set", 1.0),)
    yield from _delay_structures(scenario)
    if scenario.parameter("minerals.dependent_output").source != CALIBRATED_SOURCE:
        return
    tied = LEVERAGE_PATH in scenario.tied_paths
    # the other one of the pair, at its present value, ties leverage to the damage or unties it
    other = LEVERAGE_PATH if tied else PER_DAMAGE
    switch = Change(other, "set", scenario.value(other))
    for study in damage_calibrations():
        if study.name in DAMAGES:
            damage = f"damage after {study.source}, V = {study.dependent_output:g}"
            yield f"{damage}, leverage {'follows' if tied else 'stays'}", study.changes
            yield f"{damage}, leverage {'stays' if tied else 'follows'}", (switch, *study.changes)


def _delay_structures(scenario: Scenario) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Yield whether delays last, and whether the clause reads a register that says where there was one."""
    last, read = (Change(DELAY_STAY, "set", LASTING),), (Change(DELAY_PUBLISHED, "set", float(READ)),)
    if scenario.delays_last:
        yield "a delay says nothing of the next month", (Change(DELAY_STAY, "set", 0.0),)
    else:
        yield f"a delay lasts into the next month with chance {LASTING:g}", last
    if scenario.value(DELAY_PUBLISHED) == READ:
        yield "the clause reads no register of delays", (Change(DELAY_PUBLISHED, "set", 0.0),)
        return
    yield "the clause reads a register of delays", read
    if not scenario.delays_last:
        yield "delays last, and the clause reads a register of them", (*last, *read)


def _verdict(scenario: Scenario, call: CallOutcome) -> VariantVerdict:
    place = ParameterColumns.of(scenario, [CHINA_CHOICE], np.array([[scenario.value(CHINA_CHOICE)]]))
    points: OutcomePoints = analyse_points(call, place)
    key = REGIME_KEYS.index(call.regime)
    return VariantVerdict(
        outcome=call.name,
        holds=bool(points.holds[0]),
        length=float(points.regimes.length[0, key]),
        payment=float(points.regimes.payment[0, key]),
        joint=float(points.values[0].sum()),
    )
