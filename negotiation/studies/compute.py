"""What a worker does: one chunk of points through all call outcomes and regimes, a pure function of its task.

Columns take all points of a chunk at once. What it cannot take (a scenario with users' own automata) goes
through the plain path point by point, and so does a chunk in which anything unforeseen happens, so that one bad point
spoils no other.
"""

import pickle
from functools import lru_cache

import numpy as np

from negotiation._values import Floats, Ints
from negotiation._version import __version__
from negotiation.calls.outcomes.batch import analyse_points, has_column_path, plain_fault
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.options import PUBLIC
from negotiation.solve.payoff_sets.solver import monitoring_kind, solve_many
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.studies.part import DONE, FAILED, REFUSED, ChunkResults, encode
from negotiation.studies.study import INNER, OUTER, Study
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import repeated_game
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns

# a hundredth of the payoff range tells where conclusions change; a thousandth takes fifteen times as long
STUDY_OPTIONS = PUBLIC.replace(gap=1e-2)


def compute_task(study: bytes, points: Floats) -> tuple[bytes, str]:
    """Return the bytes of a chunk's file and the version that computed it, wherever the engine runs this.

    study: pickled, without its draws. points: (n, d).
    """
    return encode(compute(_unpickled(study), points)), __version__


_unpickled = lru_cache(maxsize=4)(pickle.loads)


def compute(study: Study, points: Floats) -> ChunkResults:
    """Return the results of `points` (n, d), the study's paths in order."""
    calls = [study.scenario.call(name).without(study.replaces_calls) for name in study.outcomes]
    part = ChunkResults.empty(points, len(calls), len(study.keys))
    fast = has_column_path(study.scenario)
    for index, call in enumerate(calls):
        for rows in np.arange(len(points)).reshape((1, -1) if fast else (-1, 1)):
            _fill_or_refuse(study, call, index, part, rows)
        if study.sets:
            _fill_sets(study, call, index, part)
    return part


def _fill_or_refuse(study: Study, call: CallOutcome, index: int, part: ChunkResults, rows: Ints) -> None:
    try:
        fill = _fill if has_column_path(study.scenario) else _fill_plain
        fill(study, call, index, part, rows)
    except Exception as error:
        if len(rows) > 1:  # one point spoils it for all: computed alone, each writes down its own reason
            for row in rows:
                _fill_or_refuse(study, call, index, part, rows=np.array([row]))
        elif isinstance(error, InputError):
            part.refuse(int(rows[0]), index, REFUSED, "; ".join(problem.sentence() for problem in error.problems))
        else:
            part.refuse(int(rows[0]), index, FAILED, f"{type(error).__name__}: {error}")


def _fill(study: Study, call: CallOutcome, index: int, part: ChunkResults, rows: Ints) -> None:
    """Fill in one outcome at some points on columns."""
    points = ParameterColumns.of(study.scenario, study.paths, part.points[rows])
    batch = analyse_points(call, points)
    chosen = np.array([place for place, key in enumerate(study.keys) if key in REGIME_KEYS], dtype=np.int64)
    columns = [REGIME_KEYS.index(study.keys[place]) for place in chosen]
    for name, array in part.measures.items():
        array[rows[:, None], index, chosen] = getattr(batch.regimes, name)[:, columns]
    part.values[rows[:, None], index, chosen] = batch.regimes.values[:, columns]
    part.punishment[rows, index] = batch.punishment
    for place in np.flatnonzero(~batch.legal):
        part.refuse(int(rows[place]), index, REFUSED, plain_fault(call, points, int(place)))


def _fill_plain(study: Study, call: CallOutcome, index: int, part: ChunkResults, rows: Ints) -> None:
    """Fill in one outcome at the one point of `rows` by the plain path, users' own automata included."""
    point = int(rows[0])
    outcome = analyse_outcome(study.scenario.after(_changes_at(study, part, point)), call, best_sets=False)
    for regime in outcome.regimes:
        if regime.key not in study.keys:
            continue
        cell = (point, index, study.keys.index(regime.key))
        part.measures["margin"][cell], part.measures["length"][cell] = regime.margin, regime.length
        part.measures["payment"][cell], part.measures["punished"][cell] = regime.payment, regime.punished_share
        part.values[cell] = regime.values
    pact = outcome.game.pact
    part.punishment[point, index] = pact.stage.payoff(pact.punishment)


def _fill_sets(study: Study, call: CallOutcome, index: int, part: ChunkResults) -> None:
    """Fill in the largest joint payoff of the inner and of the outer set, and the gap between them."""
    rows = np.flatnonzero(part.state[:, index] == DONE).tolist()
    scenarios = [study.scenario.after(_changes_at(study, part, point), call.changes) for point in rows]
    games = [repeated_game(build_pact(scenario, fine=False)) for scenario in scenarios]
    options = STUDY_OPTIONS if games and monitoring_kind(games[0]) != "perfect" else None
    # in this process: a study has workers of its own
    for point, solution in zip(rows, solve_many(games, options, jobs=1), strict=True):
        part.values[point, index, study.keys.index(INNER)] = _best_joint(solution.inner[0])
        part.values[point, index, study.keys.index(OUTER)] = _best_joint(solution.outer[0])
        part.gap[point, index] = solution.gap


def _best_joint(payoffs: PayoffSet) -> Floats:
    """Return the payoffs (2,) of the vertex with the largest sum, NaN for an empty set."""
    if not len(payoffs.vertices):
        return np.full(2, np.nan)
    return np.asarray(payoffs.vertices[int(payoffs.vertices.sum(axis=1).argmax())])


def _changes_at(study: Study, part: ChunkResults, point: int) -> list[Change]:
    return list(map(Change.of, study.paths, part.points[point]))
