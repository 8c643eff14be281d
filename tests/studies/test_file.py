"""Study files: what they can say, and every mistake at once with its line and what to write instead."""

from datetime import date

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.evidence.answers.posterior_to_game import game_numbers
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import Effort, posteriors, weighted_quantiles
from negotiation.studies.design import posterior_sample, sample_of_draws, study_points
from negotiation.studies.file import load_study
from negotiation.studies.results import evaluate
from negotiation.studies.study import Axis, Study, sample_of
from negotiation.studies.vary import parse_axis
from negotiation.trade.files.load import load_scenario

BRIEF = Effort(256, 4, 512)
HEAD = 'format = 1\nscenario = "rollback-2025"\n'


def read(tmp_path, text, *, vary=(), changes=(), head=HEAD):
    file = tmp_path / "mine.toml"
    file.write_text(head + text)
    return load_study(str(file), vary, changes)


def told(tmp_path, text, **more):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **more)
    return {(problem.line, problem.sentence()) for problem in caught.value.problems}


def test_a_file_with_everything(tmp_path):
    (tmp_path / "draws.csv").write_text("minerals.leverage,monitoring.noise\n0.5,0.1\n0.6,0.12\n0.7,0.14\n")
    study = read(
        tmp_path,
        """
        name = "all"
        set = ["legal.snapback_survival = 0.9"]
        calls = ["clarification", "no_call"]
        regimes = ["compensation"]
        seed = 3
        [sample]
        kind = "draws"
        file = "draws.csv"
        points = 2
        [[vary]]
        path = "minerals.dependent_output"
        points = 3
        scale = "log"
        [[vary]]
        path = "monitoring.verification"
        values = [0, 0.6]
        replaces_calls = true
        """,
    )
    assert (study.name, study.seed, study.size) == ("all", 3, 12)
    assert study.scenario.value("legal.snapback_survival") == 0.9
    assert study.outcomes == ("no_call", "clarification")
    assert study.keys == ("compensation",)
    assert study.replaces_calls == ("monitoring.verification",)
    number = study.scenario.parameter("minerals.dependent_output")
    assert study.axes[0].values == pytest.approx([number.low, np.sqrt(number.low * number.high), number.high])
    assert study.sample.draws.tolist() == [[0.5, 0.1], [0.6, 0.12]]


def test_groups_and_ranges(tmp_path):
    text = '[sample]\npoints = 8\nvary = ["judgement"]\n[[vary]]\npath = "minerals.china_share"\nlow = 0.6\n'
    study = read(tmp_path, text)
    paths = study.sample.paths
    assert all(study.scenario.parameter(path).source.startswith("judgement") for path in paths[1:])
    assert "monitoring.trigger" not in paths
    place = paths.index("minerals.china_share")
    assert (study.sample.low[place], study.sample.high[place]) == (0.6, 0.9)


def test_the_command_line_replaces_what_the_file_varies(tmp_path):
    text = '[[vary]]\npath = "minerals.leverage"\npoints = 5\n'
    study = read(tmp_path, text, vary=["minerals.leverage=0.3:0.5:3"], changes=["monitoring.noise=0.15"])
    assert [axis.values.tolist() for axis in study.axes] == [[0.3, 0.4, 0.5]]
    assert study.scenario.value("monitoring.noise") == 0.15
    bare = load_study("rollback-2025", ["minerals.leverage=0.3,0.5"])
    assert bare.axes[0].values.tolist() == [0.3, 0.5]


def test_every_mistake_at_once_with_its_line(tmp_path):
    problems = told(
        tmp_path,
        """[[vary]]
path = "minerals.leverge"
points = 3
[[vary]]
path = "minerals.weight"
points = 0
[[vary]]
path = "minerals.china_share"
values = []
[[vary]]
path = "minerals.convex_cost"
low = 2
high = 1
points = 4
[[vary]]
path = "monitoring.edges"
points = 2
[[vary]]
path = "monitoring.noise"
scale = "lg"
""",
    )
    assert (4, "minerals.leverge: there is no such parameter (did you mean 'minerals.leverage'?)") in problems
    assert (8, "minerals.weight: must be at least 1, got 0: the grid is empty (e.g. 21)") in problems
    assert (11, "vary.2.values: is empty, needs at least one entry") in problems
    assert (14, "minerals.convex_cost: needs low < high, got 2 and 1") in problems
    assert (18, "monitoring.edges: is a vector, not one number") in problems
    assert (22, "vary.5.scale: 'lg' is unknown (did you mean 'log'?)") in problems
    assert len(problems) == 6


TWICE = "is varied twice: definitions overlap"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('[[vary]]\npath = "minerals.weight"\npoints = 2\n' * 2, 7, f"minerals.weight: {TWICE}"),
        (
            '[sample]\npoints = 4\nvary = ["minerals.*"]\n[[vary]]\npath = "minerals.weight"\npoints = 2\n',
            5,
            f"minerals.weight: {TWICE}",
        ),
        (
            'set = ["minerals.weight = 0.02"]\n[[vary]]\npath = "minerals.weight"\npoints = 2\n',
            5,
            "minerals.weight: is set and varied: definitions overlap (do one of the two)",
        ),
        ('[sample]\npoints = 100\nkind = "sobol"\nvary = ["minerals.*"]\n', 4, "must be a power of two"),
        ('[sample]\npoints = 4\nkind = "sobl"\nvary = ["all"]\n', 5, "'sobl' is unknown (did you mean 'sobol'?)"),
        ('[sample]\npoints = 4\nvary = ["mineral.*"]\n', 5, "did you mean 'minerals.*'?"),
        ("[sample]\npoints = 4\n", 3, "varies nothing"),
        ('[[vary]]\npath = "minerals.weight"\n', 3, "no points or values, and no [sample] to join"),
        ("seeds = 3\n", 3, "seeds: unknown key (did you mean 'seed'?)"),
        ('seed = "x"\n', 3, "seed: is text, not a whole number"),
        ('calls = ["no_cal"]\n', 3, "there is no call outcome 'no_cal' (did you mean 'no_call'?)"),
        ("", None, "no parameter varies"),
        (
            'regimes = ["compensate"]\n[[vary]]\npath = "minerals.weight"\npoints = 2\n',
            3,
            "did you mean 'compensation'?",
        ),
        ('set = ["minerals.weigt = 0.02"]\n', 3, "did you mean 'minerals.weight'?"),
        ('[sample]\nkind = "draws"\nfile = "none.csv"\n', 5, "there is no such file"),
        ('[sample]\nkind = "draws"\n', 4, "needs a file with the draws"),
        ('[[vary]]\npath = "minerals.weight"\nvalues = [0.02, 0.02]\n', 4, "has the same value twice"),
        ('[[vary]]\npath = "patience.common_survival"\nlow = 0.1\npoints = 1\nscale = 3\n', 7, "is a number, not text"),
    ],
)
def test_one_mistake_one_sentence(tmp_path, text, line, sentence):
    problems = told(tmp_path, text)
    assert any(found == line and sentence in words for found, words in problems), problems


def test_scenarios_that_are_not_there(tmp_path):
    (problem,) = told(tmp_path, "", head='format = 1\nscenario = "rolback-2025"\n')
    assert problem[0] == 2
    assert "did you mean 'rollback-2025'?" in problem[1]
    assert {(2, "format: must be 1, got 2 (allowed: 1)")} <= told(tmp_path, "", head='scenario = "x"\nformat = 2\n')
    with pytest.raises(InputError, match="there is no such file"):
        load_study(str(tmp_path / "nothing.toml"))


@pytest.mark.parametrize("text", ["minerals.leverage", "minerals.leverage=", "x=1:2", "x=1:2:3.5", "x=a,b", "=1:2:3"])
def test_axes_on_the_command_line_that_are_none(text):
    with pytest.raises(InputError, match="is not an axis"):
        parse_axis(text)


def test_an_empty_axis_on_the_command_line():
    with pytest.raises(InputError, match="the grid is empty"):
        parse_axis("minerals.leverage=0.2:0.9:0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("minerals.leverge\n0.5\n", "did you mean 'minerals.leverage'?"),
        ("minerals.leverage\n0.5\nx\n", "line 3 holds something that is not a number"),
        ("minerals.leverage\n0.5,0.6\n", "line 2 has 2 entries for 1 columns"),
        ("minerals.leverage\nnan\n", "draw 1 is not a finite number"),
        ("minerals.leverage,minerals.leverage\n1,1\n", "a column appears twice"),
        ("minerals.leverage\n", "at least 1"),
        ("", "it is empty"),
    ],
)
def test_tables_of_draws_that_are_none(tmp_path, text, words):
    (tmp_path / "d.csv").write_text(text)
    ((line, sentence),) = told(tmp_path, '[sample]\nkind = "draws"\nfile = "d.csv"\n')
    assert line == 5
    assert words in sentence


def test_draws_from_arrays_and_npz(tmp_path, default_scenario):
    table = {"minerals.leverage": np.array([0.5, 0.6]), "monitoring.noise": np.array([0.1, 0.2])}
    np.savez(tmp_path / "d.npz", **table)
    study = read(tmp_path, '[sample]\nkind = "draws"\nfile = "d.npz"\n')
    assert study.sample == sample_of_draws(table, default_scenario)
    with pytest.raises(InputError, match="columns of one length"):
        sample_of_draws({**table, "minerals.weight": np.array([0.02])}, default_scenario)


def test_posterior_draws_of_the_evidence_are_a_sample(default_scenario):
    """The draws are those of the evidence part, weighted alike: their quantiles are the ones it reports."""
    history = build_history(load_shipments(), load_events(), date(2025, 6, 1))
    want = posteriors(history, ("neutral",), BRIEF)[0]
    sample = posterior_sample(default_scenario, 2000, "2025-06-01", effort=BRIEF)
    numbers = game_numbers(want.theta)
    for place, path in enumerate(sample.paths):
        quantiles = weighted_quantiles(numbers[path], want.weights, np.array([0.25, 0.5, 0.75]))
        spread = np.ptp(numbers[path])
        assert np.quantile(sample.draws[:, place], [0.25, 0.5, 0.75]) == pytest.approx(quantiles, abs=0.02 * spread)
    study = Study("posterior", default_scenario, sample=sample, calls=("no_call",))
    assert 0 < evaluate(study, study_points(study, 0, 200)).holds.mean() <= 1


def test_posteriors_that_cannot_be_had(tmp_path):
    text = '[sample]\nkind = "posterior"\npoints = 4\n'
    assert (6, "sample.prior: 'neutrl' is unknown (did you mean 'neutral'?)") in told(
        tmp_path, text + 'prior = "neutrl"\n'
    )
    assert any(line == 6 and "is no day" in said for line, said in told(tmp_path, text + 'as_of = "May"\n'))


def test_studies_in_python_are_checked_as_files_are(default_scenario):
    axis = Axis("minerals.leverage", [0.5, 0.6])
    with pytest.raises(InputError, match="varied twice"):
        Study("s", default_scenario, axes=(axis, axis))
    with pytest.raises(InputError, match="empty grid"):
        Study("s", default_scenario, axes=(Axis("minerals.leverage", []),))
    with pytest.raises(InputError, match="at most 100,000,000"):
        Study("s", default_scenario, sample=sample_of("sobol", {"minerals.leverage": (0, 1)}, 2**30))
    with pytest.raises(InputError, match="needs low < high"):
        Study("s", default_scenario, sample=sample_of("sobol", {"minerals.leverage": (1, 1)}, 2))
    with pytest.raises(InputError, match="does not vary"):
        Study("s", default_scenario, axes=(axis,), replaces_calls=("minerals.weight",))
    assert Study("s", default_scenario, axes=(axis,)) != Study("s", default_scenario, axes=(axis,), seed=8)


def test_any_scenario_can_be_swept_and_a_study_is_no_scenario(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('extends = "textbook"\n[patience]\ndiscount = 0.7\n')
    study = load_study(str(file), ["patience.discount=0.3:0.9:4"])
    assert (study.name, study.scenario.name, study.size) == ("vary", "mine", 4)
    for where, path in ((str(file), "patience.discount=0.3:0.98:11"), ("rollback-2025", "tariffs.us.import_value=")):
        with pytest.raises(InputError, match="is a scenario, and nothing varies") as caught:
            load_study(where)
        hint = caught.value.problems[0].hint
        assert path in hint
        assert load_study(where, [hint.split()[2].rstrip(",")]).size == 11
    file.write_text('format = 1\nscenario = "textbook"\n[[vary]]\npath = "patience.discount"\nvalues = [0.5]\n')
    with pytest.raises(InputError, match="is a study file, not a scenario") as caught:
        load_scenario(file)
    assert f"negotiation study run {file}" in caught.value.problems[0].hint
