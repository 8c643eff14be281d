"""What columns do not cover: users' own automata, the sets of all equilibria, executors of one's own."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from negotiation._values import FrozenMap
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError, MachineError
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.options import PUBLIC
from negotiation.solve.public.solver import solve_public
from negotiation.studies.compute import compute
from negotiation.studies.design import study_points
from negotiation.studies.engine import open_engine
from negotiation.studies.run import run_study
from negotiation.studies.store import Store
from negotiation.studies.study import Axis, Study
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.call_outcome import RegimeSpec
from tests.stored import frozen
from tests.studies.small import digests, small_study


@pytest.fixture
def own():
    """A scenario with an automaton of the user's: forgive for ever."""
    scenario = frozen("rollback-2025")
    stay = FrozenMap({name: FrozenMap({"good": 1.0}) for name in scenario.signal_names})
    gone = FrozenMap({name: FrozenMap({"war": 1.0}) for name in scenario.signal_names})
    plays = (("keep", "license"), ("partial", "slow_walk"))
    return scenario.replace(
        regimes=(
            RegimeSpec(
                name="forgive",
                label="forgive",
                states=("good", "war"),
                plays=plays,
                transitions=(stay, gone),
                deviation="war",
            ),
        )
    )


def test_users_own_automata_go_through_the_plain_path(own, tmp_path):
    study = Study("own", own, axes=(Axis("minerals.leverage", [0.1, 0.68]),), calls=("no_call",))
    assert study.keys[-1] == "forgive"
    part = compute(study, np.array([[0.1], [0.68], [-1.0]]))
    for point, leverage in enumerate((0.1, 0.68)):
        changed = own.after([Change("minerals.leverage", "set", leverage)])
        want = analyse_outcome(changed, own.call("no_call"), best_sets=False)
        for place, key in enumerate(study.keys):
            regime = want.regime(key)
            assert part.measures["margin"][point, 0, place] == regime.margin
            assert part.values[point, 0, place].tolist() == list(regime.values)
    assert part.state[:, 0].tolist() == [0, 0, 1]
    assert "outside its domain" in part.reasons[2, 0]
    done = run_study(study, tmp_path / "own", engine="serial")
    assert "forgive" in done.table.read_text()


def test_inner_and_outer_sets_are_rows_of_the_table(default_scenario, tmp_path):
    axis = Axis("minerals.leverage", [0.68])
    study = Study("sets", default_scenario, axes=(axis,), calls=("no_call",), sets=True)
    done = run_study(study, tmp_path / "sets", engine="serial")
    pact = build_pact(default_scenario, fine=False)
    want = solve_public(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring), PUBLIC.replace(gap=1e-2))
    lines = [line.split(",") for line in done.table.read_text().splitlines()]
    at = {name: place for place, name in enumerate(lines[0])}
    rows = {line[at["regime"]]: line for line in lines[1:]}
    for key, found in (("inner_set", want.inner[0]), ("outer_set", want.outer[0])):
        assert float(rows[key][at["joint"]]) == pytest.approx(found.vertices.sum(axis=1).max(), abs=1e-9)
        assert rows[key][at["holds"]] == "true"
        assert float(rows[key][at["gap"]]) == want.gap
    # no simple regime beats the best of all equilibria
    best = max(float(row[at["joint"]]) for key, row in rows.items() if "set" not in key and row[at["holds"]] == "true")
    assert best <= float(rows["outer_set"][at["joint"]]) + 1e-9


def test_any_executor_will_do(tmp_path):
    run_study(small_study(512), tmp_path / "serial", engine="serial")
    with ThreadPoolExecutor(2) as pool:
        run_study(small_study(512), tmp_path / "threads", engine=pool)
    assert digests(tmp_path / "serial") == digests(tmp_path / "threads")


class Doomed(ThreadPoolExecutor):
    """An executor whose workers die over one chunk, always."""

    def submit(self, function, pickled, points):
        study = small_study(512)
        if np.array_equal(points, study_points(study, 3 * study.chunk, 4 * study.chunk)):
            raise type("KilledWorker", (Exception,), {})("chunk 3")
        return super().submit(function, pickled, points)


def test_a_chunk_that_kills_every_worker_is_left_out_and_said(tmp_path):
    folder = tmp_path / "study"
    with Doomed(2) as pool, pytest.raises(MachineError, match="workers died 3 times over chunk 3"):
        run_study(small_study(512), folder, engine=pool)
    store = Store.open_to_read(folder)
    assert store.missing == [3]
    run_study(small_study(512), folder, engine="serial")
    run_study(small_study(512), tmp_path / "whole", engine="serial")
    assert digests(folder) == digests(tmp_path / "whole")


@pytest.mark.parametrize(
    ("name", "words"),
    [("dask", "needs an address"), ("embeded", "did you mean 'embedded'?"), ("ray:1", "is no engine")],
)
def test_engines_that_are_none(name, words):
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        open_engine(name, 0, 1).__enter__()
