"""Which trigger, and how long a response? Joint value of every trigger set and length, where the rule holds.

A rule must deter every share that could be withheld, not only the listed actions. Takes about 2 seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.cli.experiment import experiment
from negotiation.report.document import Report, Section, literal
from negotiation.report.figures.heat import heat_map
from negotiation.report.words import number
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import trigger_masks
from negotiation.solve.regimes.trigger_strategies import trigger_values
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario

REGIMES = ("mutual_reversion", "proportional_snapback", "heavy_snapback")
LONGEST = 12  # months of response


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return a heat map of trigger sets by lengths for each regime; quick: half the lengths."""
    pact = build_pact(scenario)
    masks = trigger_masks(pact)
    lengths = np.arange(1.0, (LONGEST // 2 if quick else LONGEST) + 1)
    names = [" ".join(n for n, hit in zip(pact.monitoring.signals, mask, strict=True) if hit) for mask in masks]
    sections, best = [], []
    values: dict[str, Any] = {}
    for kind in regime_kinds(pact):
        if kind.key not in REGIMES:
            continue
        rules = trigger_values(pact_arrays(pact, masks, check_fine=True), kind, lengths)
        joint = np.where(rules.margin[0] >= 0, rules.values[:, 0].sum(axis=0), -np.inf)
        row, column = np.unravel_index(joint.argmax(), joint.shape)
        values[kind.key] = joint
        top = (int(row), int(column)) if np.isfinite(joint.max()) else None
        if top is not None:
            best.append((float(joint.max()), kind.label, names[top[0]], lengths[top[1]]))
        figure = heat_map(
            f"design-{kind.key.replace('_', '-')}",
            [f"{length:.0f}" for length in lengths],
            names,
            [[float(v) if np.isfinite(v) else None for v in line] for line in joint],
            x_title="months of response",
            y_title="trigger set",
            value_title=f"joint value, {scenario.unit}",
            caption=f"{kind.label.capitalize()}: the framed rule loses least.",
            best=top,
        )
        sections.append(Section(kind.key.replace("_", "-"), kind.label.capitalize(), (figure,)))
    text = "No trigger set and length holds against every share."
    if best:
        value, label, trigger, length = max(best)
        rule = f"a {label} of {length:.0f} month(s) after {literal(trigger)}"
        text = f"The least costly rule is {rule}: joint value {number(value)} {literal(scenario.unit)}."
    question = "Which trigger, and how long?"
    report = Report("Snapback design", question, scenario.title, (text,), sections=tuple(sections))
    return report, {"triggers": names, "lengths": lengths, "joint_values": values}


if __name__ == "__main__":
    experiment(run)
