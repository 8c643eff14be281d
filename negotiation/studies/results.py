"""What a study found, as arrays: which outcomes hold at which points, and what they are worth.

"Holds" is said of the regime that is selected after a call; where stage Nash is selected, or the table leaves that
regime out, of any regime in the table. Values are those of the selected regime, of punishment where it does not hold.
A conclusion is a sentence that is true in the base case; at any other point it stands or it does not. Shares are of the
points that could be computed.
"""

from collections.abc import Iterable

import numpy as np

from negotiation._results import Result
from negotiation._values import Bools, Floats, Value
from negotiation.errors import OutputError
from negotiation.studies.compute import compute
from negotiation.studies.part import DONE, ChunkResults
from negotiation.studies.store import Store
from negotiation.studies.study import INNER, Study
from negotiation.trade.scenario.call_outcome import STAGE_NASH
from negotiation.trade.scenario.scenario import Scenario


class StudyResults(Result, kw_only=True):
    """N points × O outcomes.

    points: (N, d) at `paths`. done: (N, O), computed or not. holds: (N, O) as 0 or 1. joint: (N, O), sum of both
    values, NaN where not computed. margin: (N, O), room of the selected regime, of the best one where none is. rules:
    (O,) key of the regime that was asked, "" where any of the study's counts.
    """

    paths: tuple[str, ...]
    outcomes: tuple[str, ...]
    rules: tuple[str, ...]
    points: Floats
    done: Floats
    holds: Floats
    joint: Floats
    margin: Floats

    @property
    def complete(self) -> Bools:
        """Points computed for every outcome, (N,)."""
        return np.asarray(self.done.all(axis=1))


def results_of(store: Store, study: Study) -> StudyResults:
    """Return the results of a finished study."""
    if store.missing:
        missing = f"{len(store.missing)} chunks are missing"
        raise OutputError(f"{store.path} is not complete: {missing}; run the study again.")
    return _concatenate(study, store.read())


def evaluate(study: Study, points: Floats) -> StudyResults:
    """Return the results of a few points at once, without a folder: what tornados and phase diagrams ask for."""
    return _concatenate(study, [compute(study, points)])


def base_point(scenario: Scenario, paths: tuple[str, ...]) -> Floats:
    """Return the scenario's own numbers at some paths, (1, d)."""
    return np.array([[scenario.value(path) for path in paths]])


def _concatenate(study: Study, parts: Iterable[ChunkResults]) -> StudyResults:
    arrays = [_chunk_arrays(part, study) for part in parts]
    rules = tuple(_judged_regime(study, name) for name in study.outcomes)
    joined = {name: np.concatenate([each[name] for each in arrays]) for name in arrays[0]}
    return StudyResults(paths=study.paths, outcomes=study.outcomes, rules=rules, **joined)


def _simple_keys(study: Study) -> tuple[str, ...]:
    return study.keys[: study.keys.index(INNER)] if INNER in study.keys else study.keys


def _judged_regime(study: Study, outcome: str) -> str:
    """Return the regime that a call outcome selects, "" where it is stage Nash or none of the study's."""
    selected = study.scenario.call(outcome).regime
    return "" if selected == STAGE_NASH or selected not in _simple_keys(study) else selected


def _chunk_arrays(part: ChunkResults, study: Study) -> dict[str, Floats]:
    keys = _simple_keys(study)
    n = len(part.points)
    holds, joint, margin = (np.empty((n, len(study.outcomes))) for _ in range(3))
    for place, name in enumerate(study.outcomes):
        selected = _judged_regime(study, name)
        of_all = not selected
        chosen = [i for i, key in enumerate(keys) if (key != STAGE_NASH if of_all else key == selected)]
        rooms = part.measures["margin"][:, place, chosen]
        enforced = part.holds[:, place, chosen].any(axis=1)
        with np.errstate(invalid="ignore"):
            margin[:, place] = np.where(np.isnan(rooms), -np.inf, rooms).max(axis=1, initial=-np.inf)
        values = part.values[:, place, chosen].sum(axis=2)
        punishment = part.punishment[:, place].sum(axis=1)
        stands = np.zeros(n, dtype=np.bool_) if of_all else enforced
        joint[:, place] = np.where(stands, values[:, 0], punishment) if chosen else punishment
        holds[:, place] = enforced
    margin[part.state != DONE] = np.nan
    done = (part.state == DONE).astype(np.float64)
    return {"points": part.points, "done": done, "holds": holds, "joint": joint, "margin": margin}


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
    """Return the conclusions of the base case (one point) judged at the computed points of `results`.

    There is none about an outcome that the model refuses in the base case.
    """
    calls = [scenario.call(name) for name in results.outcomes]
    labels = {spec.name: spec.label for spec in scenario.regimes}
    legal = np.flatnonzero(base.done[0] > 0).tolist()
    holds, joint = results.holds[results.complete], results.joint[results.complete]
    listed = []
    for place in legal:
        stands = bool(base.holds[0, place])
        if regime := results.rules[place]:
            rule = labels.get(regime, regime.replace("_", " "))
            means = f"the deal {'enforces' if stands else 'does not enforce'} itself by {rule}"
        else:  # a study asks regimes under the threshold trigger: nothing is said of best sets of signals
            means = f"{'some' if stands else 'no'} rule that was tried would hold"
        sentence = f"after {calls[place].label}, {means}"
        listed.append(Conclusion(f"enforced:{calls[place].name}", sentence, holds[:, place] == stands))
    for place in legal[1:] if legal[:1] == [0] else ():
        more = bool(base.joint[0, place] > base.joint[0, 0])
        worth = f"is worth {'more' if more else 'no more'} to the two together than"
        sentence = f"{calls[place].label} {worth} {calls[0].label}"
        listed.append(Conclusion(f"better:{calls[place].name}", sentence, (joint[:, place] > joint[:, 0]) == more))
    if len(legal) == len(calls) > 1:
        best = int(base.joint[0].argmax())
        sentence = f"nothing is worth more to the two together than {calls[best].label}"
        listed.append(Conclusion("best", sentence, joint[:, best] >= joint.max(axis=1, initial=-np.inf)))
    return tuple(listed)
