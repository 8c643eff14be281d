"""The page of a study shows its numbers: tornado, Sobol bars, boxes, phase diagram; hostile names stay text."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.report.document import Table, figures_in
from negotiation.report.figures.phase import outlines, phase_figure, raster
from negotiation.report.pages.study import study_answers, study_data, study_report
from negotiation.report.render.html import render
from negotiation.studies.design import study_points
from negotiation.studies.phase import phase_diagram
from negotiation.studies.results import evaluate
from negotiation.studies.sensitivity import sobol_of
from negotiation.studies.study import Axis, Study, sample_of
from negotiation.trade.scenario.plausible_ranges import plausible_ranges
from tests.report.runs.numbers_shown import as_written, missing, schema_errors
from tests.stored import frozen

HOSTILE = "<b>$x$</b> & *bold* [link](x) " + "long name " * 20


@pytest.fixture(scope="module")
def sensitivity():
    scenario = frozen("rollback-2025")
    known = plausible_ranges(scenario)
    paths = ("minerals.leverage", "minerals.weight", "tariffs.us.demand_elasticity", "politics.us.preferred_tariff")
    study = Study("page", scenario, sample=sample_of("sensitivity", {path: known[path] for path in paths}, 256))
    return study, evaluate(study, study_points(study, 0, study.size))


def section(report, key):
    return next(item for item in report.sections if item.key == key)


def test_the_page_has_every_part_that_its_design_allows(sensitivity):
    study, found = sensitivity
    report = study_report(study_answers(study, found), "d" * 64, "negotiation study run x")
    assert [item.key for item in report.sections] == ["robustness", "tornado", "sobol", "discovery", "varied"]
    page = render(report)
    assert len(page) < 1_000_000
    assert render(study_report(study_answers(study, found), "d" * 64, "negotiation study run x")) == page
    for figure in figures_in(report.sections):
        ET.fromstring(figure.svg)


def test_results_hold_every_number_of_the_page(sensitivity):
    study, found = sensitivity
    scenario = study.scenario
    axes = (Axis("minerals.leverage", np.linspace(0.2, 0.95, 3)), Axis("minerals.weight", np.linspace(0.5, 1.5, 3)))
    grid = Study("grid", scenario, axes=axes)
    for one, points in ((study, found), (grid, evaluate(grid, study_points(grid, 0, grid.size)))):
        answers = study_answers(one, points)
        written = as_written({"study": "d" * 64, **study_data(answers)})
        assert missing(study_report(answers, "d" * 64), written) == []
        assert schema_errors(written) == []
        assert (written["phase"] is not None) == (one is grid)
    assert schema_errors({**written, "new": 1})


def test_the_bars_are_the_indices(sensitivity):
    study, found = sensitivity
    report = study_report(study_answers(study, found), "d" * 64)
    want = sobol_of(found, "no_call", "joint", study.seed)
    first = next(f for f in figures_in((section(report, "sobol"),)) if f.key == "sobol-no-call-joint")
    drawn = {row[0].strip("`"): (row[1], row[4]) for row in first.data.rows}
    for place, path in enumerate(study.paths):
        assert drawn[path] == (want.first[place], want.total[place])
    assert want.dropped > 0
    notes = [block for block in section(report, "sobol").blocks if getattr(block, "tone", "") == "limit"]
    assert f"{want.dropped} of {want.rows + want.dropped} rows" in notes[0].text


def test_the_table_of_flips_names_what_the_tornado_flips(sensitivity):
    study, found = sensitivity
    report = study_report(study_answers(study, found), "d" * 64)
    (table,) = (block for block in section(report, "tornado").blocks if isinstance(block, Table))
    flips = {row[0].strip("`"): row[4] for row in table.rows}
    assert "no call" in flips["minerals.leverage"]


def test_boxes_are_in_words_with_their_numbers(sensitivity):
    study, found = sensitivity
    report = study_report(study_answers(study, found), "d" * 64)
    text = " ".join(getattr(block, "text", "") for block in section(report, "discovery").blocks)
    assert re.search(r"After \*\*no call\*\*, the deal (fails|holds) mostly where .*\d % of the points", text)


def test_hostile_names_stay_text(sensitivity):
    study, found = sensitivity
    calls = tuple(call.replace(label=f"{call.name} {HOSTILE}") for call in study.scenario.calls)
    hostile = study.replace(scenario=study.scenario.replace(calls=calls, title=HOSTILE, unit="points <i>"))
    page = render(study_report(study_answers(hostile, found), "d" * 64))
    assert "<b>$x$" not in page
    assert "points <i>" not in page


def test_a_grid_of_two_has_a_phase_diagram(default_scenario):
    axes = (Axis("minerals.leverage", [0.2, 0.95]), Axis("monitoring.delay_probability", [0.1, 0.4]))
    study = Study("grid", default_scenario, axes=axes)
    points = study_points(study, 0, study.size)
    report = study_report(study_answers(study, evaluate(study, points)), "d" * 64)
    assert [item.key for item in report.sections] == ["robustness", "tornado", "phase", "varied"]


def test_each_listed_verdict_says_whether_it_stands_against_every_share(default_scenario):
    axes = (Axis("minerals.leverage", [0.6, 0.7]), Axis("monitoring.delay_probability", [0.1, 0.4]))
    for leverage in (0.5, 0.68, 0.72):
        study = Study("grid", default_scenario.set("minerals.leverage", leverage), axes=axes)
        answers = study_answers(study, evaluate(study, study_points(study, 0, study.size)))
        rows = [analyse_outcome(study.scenario, call, best_sets=False) for call in study.scenario.calls]
        said = dict(study_report(answers, "d" * 64).provenance)["verdicts"]
        assert answers.every_share == {row.call.name: row.holds_against_every_share for row in rows if row.holds}
        assert said.count("what holds after") == len(answers.every_share)
        assert said.count("does not stand against") == list(answers.every_share.values()).count(False)


@pytest.mark.parametrize("seed", range(4))
def test_outlines_cover_exactly_the_cells_of_a_label(seed):
    """By the shoelace formula (holes count against it), on ragged maps with holes, islands and touching corners."""
    rng = np.random.default_rng(seed)
    grid = (rng.random((24, 24)) < 0.6).astype(np.int64)
    grid[4:12, 5:20] = 2
    for label in (0, 1, 2):
        area = 0.0
        for polygon in outlines(grid, label):
            x, y = np.array(polygon).T
            area += (np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
        assert area == pytest.approx((grid == label).sum() / grid.size)


def test_the_drawing_has_the_areas_of_the_diagram(default_scenario):
    paths, ends = ("minerals.leverage", "monitoring.delay_probability"), ((0.2, 0.95), (0.1, 0.4))
    found = phase_diagram(default_scenario, paths, ends, grid=6, depth=3)
    grid = raster(found)
    for label in set(found.labels.tolist()):
        assert (grid == label).mean() == pytest.approx(found.share(label))
    figure = phase_figure("p", found, default_scenario)
    assert {row[0]: row[1] for row in figure.data.rows}["no call"] == pytest.approx(found.share(0))
    assert len(figure.svg) < 60_000
