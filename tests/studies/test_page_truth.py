"""What a study's page concludes is true of its table: for every kind of study, one point, one call, points refused."""

import re

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.report.pages.study import failure_boxes, indices, study_answers, study_report
from negotiation.report.render.html import render
from negotiation.report.render.markdown import render as text_of
from negotiation.studies.design import sample_of_draws, study_points
from negotiation.studies.results import StudyResults, base_point, conclusions, evaluate
from negotiation.studies.sensitivity import tornado
from negotiation.studies.study import Axis, Study, sample_of
from negotiation.trade.scenario.plausible_ranges import plausible_ranges

LEVERAGE, NOISE, ELASTIC = "minerals.leverage", "monitoring.noise", "tariffs.us.demand_elasticity"


def paged(study):
    """Return the results of a study and its page as text; the page can be drawn too."""
    found = evaluate(study, study_points(study, 0, study.size))
    report = study_report(study_answers(study, found), "d" * 64)
    assert render(report)
    return found, text_of(report)


def drawn(scenario, points, kind="latin_hypercube", paths=(LEVERAGE, NOISE), **parts):
    ranges = {path: plausible_ranges(scenario)[path] for path in paths}
    return Study("page", scenario, sample=sample_of(kind, ranges, points), **parts)


def test_boxes_are_looked_for_after_an_outcome_without_a_regime_of_its_own(default_scenario):
    study = drawn(default_scenario, 512, calls=("breakdown",))
    found, text = paged(study)
    searches, looked = failure_boxes(found)
    assert looked == found.complete.sum()
    best = max(searches["breakdown"].boxes, key=lambda box: box.coverage)
    fails = found.holds[found.complete, 0] == 0
    assert searches["breakdown"].fails == fails.mean()
    assert best.density > best.base + 0.2
    assert "same everywhere" not in text
    assert re.search(r"After \*\*breakdown\*\*, (some|no) simple regime would hold mostly where .*leverage", text)


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.2, 0.25, "the deal holds at every point"), (0.9, 0.95, "the deal fails at every point")],
)
def test_one_verdict_everywhere_is_said_only_where_it_is_so(default_scenario, low, high, says):
    sample = sample_of("latin_hypercube", {LEVERAGE: (low, high)}, 128)
    found, text = paged(Study("s", default_scenario, sample=sample, calls=("no_call",)))
    assert len(np.unique(found.holds)) == 1
    assert f"After **no call**, {says}" in text


def test_a_rare_verdict_is_said_to_be_rare(default_scenario):
    scenario = default_scenario
    values = np.concatenate([np.linspace(0.2, 0.25, 199), [0.95]])
    found, text = paged(Study("s", scenario, axes=(Axis(LEVERAGE, values),), calls=("no_call",)))
    assert (found.holds == 0).mean() == 0.005
    assert "the deal fails at 0.5 % of the points: too few" in text
    assert "at every point" not in text


@pytest.mark.parametrize("calls", [(), ("no_call",), ("breakdown",), ("clarification", "breakdown")])
@pytest.mark.parametrize("values", [(0.5,), (0.5, 0.9)])
@pytest.mark.parametrize("fixed", [False, True])
def test_studies_of_one_point_have_a_page(default_scenario, calls, values, fixed):
    axes = [Axis(LEVERAGE, values)] + [Axis(NOISE, (0.12,))] * fixed
    study = Study("one", default_scenario, axes=tuple(axes), calls=calls)
    _, text = paged(study)
    assert f"`{LEVERAGE}`" in text
    assert ("One number at a time" in text) == (len(values) > 1)


def test_a_study_of_which_no_point_can_be_computed_concludes_nothing(default_scenario):
    study = Study("none", default_scenario, axes=(Axis(ELASTIC, (40.0, 50.0)),))
    found, text = paged(study)
    assert not found.done.any()
    assert "nothing is concluded" in text
    assert "2 points could not be computed" in text
    assert not re.search(r"stand in at least|: nan|nan %", text)


def test_the_tornado_judges_as_the_table_does(default_scenario):
    """With one regime in the table and a path that replaces what calls set, each end is the point of the table."""
    calls, regimes = ("no_call", "clarification"), ("compensation",)
    path = default_scenario.call("clarification").changes[0].path
    ends = np.array(plausible_ranges(default_scenario)[path])
    study = Study("s", default_scenario, axes=(Axis(path, ends),), calls=calls, regimes=regimes, replaces_calls=(path,))
    found, text = paged(study)
    swing = tornado(study, {path: tuple(ends)}).swings[0]
    assert [swing.holds_low.tolist(), swing.holds_high.tolist()] == found.holds.tolist()
    assert [swing.joint_low.tolist(), swing.joint_high.tolist()] == found.joint.tolist()
    base = evaluate(study, base_point(default_scenario, study.paths))
    wanted = tuple(name for place, name in enumerate(calls) if (found.holds[:, place] != base.holds[0, place]).any())
    assert swing.flips == wanted
    assert ("headline is flipped by" in text) == bool(wanted or swing.best_flips)


@pytest.mark.parametrize("points", [1, 2, 16])
def test_too_few_points_for_indices_are_refused_before_anything_is_computed(default_scenario, points):
    with pytest.raises(InputError, match="at least 32"):
        drawn(default_scenario, points, "sensitivity")


def test_indices_that_cannot_be_had_are_said_to_be_missing(default_scenario):
    """A third of the points of such a study is refused: of 32 rows fewer than 32 are left."""
    sample = sample_of("sensitivity", {LEVERAGE: (0.2, 0.9), ELASTIC: (1.3, 5.0)}, 32)
    study = Study("s", default_scenario, sample=sample)
    found, text = paged(study)
    assert not found.done.all()
    assert "has no indices: only" in text


def test_indices_of_what_never_changes_are_said_to_be_missing(default_scenario):
    sample = sample_of("sensitivity", {LEVERAGE: (0.9, 0.95)}, 32)
    study = Study("s", default_scenario, sample=sample, calls=("no_call",))
    found, text = paged(study)
    assert "verdict (holds or not) after no call has no indices: it is the same at every point" in text
    assert isinstance(indices(found, 7)["no_call", "holds"], str)


def test_draws_are_described_as_draws(default_scenario):
    draws = np.linspace(0.3, 0.9, 101)[:, None]
    sample = sample_of_draws({LEVERAGE: draws}, default_scenario)
    _, text = paged(Study("s", default_scenario, sample=sample, calls=("no_call",)))
    assert "from 5 to 95 % of them" in text


@pytest.mark.parametrize("seed", range(20))
def test_conclusions_are_true_of_random_tables(default_scenario, seed):
    """Each sentence judged again from the table, with ties, refused points and a base case partly refused."""
    rng = np.random.default_rng(seed)
    names = tuple(call.name for call in default_scenario.calls)[: rng.integers(1, 5)]

    def table(points):
        shape = (points, len(names))
        done = (rng.random(shape) < 0.9).astype(float)
        joint = np.where(done > 0, rng.integers(0, 3, shape).astype(float), np.nan)
        return StudyResults(
            paths=(),
            outcomes=names,
            rules=("",) * len(names),
            points=np.empty((points, 0)),
            done=done,
            holds=rng.integers(0, 2, shape).astype(float),
            joint=joint,
            margin=joint,
        )

    base, found = table(1), table(50)
    kept = found.done.all(axis=1)
    for item in conclusions(default_scenario, base, found):
        kind, _, name = item.key.partition(":")
        if kind == "enforced":
            place = names.index(name)
            assert base.done[0, place]
            want = found.holds[kept, place] == base.holds[0, place]
        elif kind == "better":
            place = names.index(name)
            more = "is worth more" in item.sentence
            assert more == (base.joint[0, place] > base.joint[0, 0])
            want = (found.joint[kept, place] > found.joint[kept, 0]) == more
        else:
            label = item.sentence.rpartition("than ")[2]
            place = [default_scenario.call(name).label for name in names].index(label)
            assert base.joint[0, place] == base.joint[0].max()
            want = [bool(row[place] == max(row)) for row in found.joint[kept]]
        assert item.stands.tolist() == [float(stands) for stands in want]
