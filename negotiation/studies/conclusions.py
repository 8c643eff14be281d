"""The headline as a list of conclusions, and the share of the uncertain world in which each one stands.

A conclusion is a sentence that is true in the base case; at any other point it stands or it does not. Shares are of the
points that could be computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.studies.results import StudyResults
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Conclusion(Value):
    """One sentence about the base case, and `stands` (N,), 1 where it is true of a point too."""

    key: str
    sentence: str
    stands: Floats

    @property
    def share(self) -> float:
        """Share of the computed points at which it stands; NaN without any."""
        return float(self.stands.mean()) if len(self.stands) else float("nan")


def conclusions(scenario: Scenario, base: StudyResults, results: StudyResults) -> tuple[Conclusion, ...]:
    """Return the conclusions of the base case (one point) judged at the computed points of `found`.

    There is none about an outcome that the model refuses in the base case.
    """
    computed = results.complete
    legal = np.flatnonzero(base.done[0] > 0).tolist()
    listed = [
        *(_enforced(scenario, base, results, computed, place) for place in legal),
        *(_better(scenario, base, results, computed, place) for place in legal if place and legal[0] == 0),
    ]
    if len(legal) == len(results.outcomes) > 1:
        listed.append(_best(scenario, base, results, computed))
    return tuple(listed)


def _enforced(scenario: Scenario, base: StudyResults, results: StudyResults, computed: Bools, place: int) -> Conclusion:
    call = scenario.call(results.outcomes[place])
    now = bool(base.holds[0, place])
    labels = {spec.name: spec.label for spec in scenario.regimes}
    rule = labels.get(results.rules[place], results.rules[place].replace("_", " "))
    if rule:
        means = f"the deal {'enforces' if now else 'does not enforce'} itself by {rule}"
    else:  # a study asks regimes under the threshold trigger: nothing is said of best sets of signals
        means = f"{'some' if now else 'no'} rule that was tried would hold"
    sentence = f"after {call.label}, {means}"
    return Conclusion(f"enforced:{call.name}", sentence, results.holds[computed, place] == now)


def _better(scenario: Scenario, base: StudyResults, results: StudyResults, computed: Bools, place: int) -> Conclusion:
    first, call = scenario.call(results.outcomes[0]), scenario.call(results.outcomes[place])
    now = bool(base.joint[0, place] > base.joint[0, 0])
    sentence = f"{call.label} is worth {'more' if now else 'no more'} to the two together than {first.label}"
    joint = results.joint[computed]
    return Conclusion(f"better:{call.name}", sentence, (joint[:, place] > joint[:, 0]) == now)


def _best(scenario: Scenario, base: StudyResults, results: StudyResults, computed: Bools) -> Conclusion:
    best = int(base.joint[0].argmax())
    sentence = f"nothing is worth more to the two together than {scenario.call(results.outcomes[best]).label}"
    joint = results.joint[computed]
    return Conclusion("best", sentence, joint[:, best] >= joint.max(axis=1, initial=-np.inf))
