"""How do slow licences change the patience that is needed, with and without verification?

The probability of a genuine delay is barely identified, so the least discount factor is shown over its whole range.
Takes about 5 seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.cli.experiment import experiment
from negotiation.report.document import Paragraph, Report, Section
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.words import number
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import least_discount
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

LOWEST, HIGHEST = 0.02, 0.6  # probabilities of a genuine delay
VERIFICATION = 0.6  # share of delays verified in the second line
REGIMES = ("mutual_reversion", "proportional_snapback")
DELAY, VERIFY = "monitoring.delay_probability", "monitoring.verification"


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the least discount factor against the delay probability; quick: a coarser grid."""
    delays = [float(q) for q in np.linspace(LOWEST, HIGHEST, 8 if quick else 30)]
    plain = scenario.value(VERIFY)
    lines = [
        Line(f"{key.replace('_', ' ')}, v = {v:g}", tuple(_least(scenario, key, q, v) for q in delays))
        for key in REGIMES
        for v in (plain, VERIFICATION)
    ]
    chart = line_chart(
        "least-discount",
        delays,
        lines,
        x_title="probability of a genuine delay",
        y_title="least discount factor (a gap: no patience is enough)",
        caption="Genuine delays make innocent months look guilty. Verifying them (v) does what patience cannot.",
        marks=((scenario.value(DELAY), "scenario"),),
    )
    now = [_least(scenario, REGIMES[0], scenario.value(DELAY), v) for v in (plain, VERIFICATION)]
    worse = [_least(scenario, REGIMES[0], 2 * scenario.value(DELAY), v) for v in (plain, VERIFICATION)]
    answer = (
        f"By mutual reversion the deal needs δ {number(now[0], 3)}; were delays twice as frequent it would "
        f"need {number(worse[0], 3)}, and {number(worse[1], 3)} with six delays in ten verified.",
    )
    text = (
        "Low months are those under the threshold trigger of the scenario; the length of the response is chosen anew."
    )
    section = Section("reading", "Reading", (Paragraph(text),))
    question = "How much patience do slow licences cost?"
    report = Report("Delay and noise", question, scenario.title, answer, picture=chart, sections=(section,))
    least = {line.name: line.values for line in lines}
    return report, {"delays": delays, "least_discounts": least, "as_it_is": now, "delays_doubled": worse}


def _least(scenario: Scenario, key: str, delay: float, verification: float) -> float | None:
    changed = scenario.after([Change(DELAY, "set", delay), Change(VERIFY, "set", verification)])
    pact = build_pact(changed, fine=False)
    kind = next(kind for kind in regime_kinds(pact) if kind.key == key)
    return least_discount(pact_arrays(pact, pact.mask(pact.trigger)[None, :]), kind)


if __name__ == "__main__":
    experiment(run)
