"""Pictures of results: real axes in the units of the data, drawn by the code of the pages' figures."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import negotiation as ng
from negotiation.report.figures.fans import fan_charts
from negotiation.report.figures.patience import patience_chart
from negotiation.studies.phase import phase_diagram

DILEMMA = [[3, 0], [5, 1]], [[3, 5], [0, 1]]


@pytest.fixture(autouse=True)
def no_window():
    before = mpl.get_backend()
    mpl.use("Agg")
    yield
    from matplotlib import pyplot

    pyplot.close("all")
    mpl.use(before)


@pytest.fixture
def axes():
    return Figure().add_subplot()


@pytest.fixture(scope="module")
def analysis():
    return ng.analyse("rollback-2025", quick=True, calls=["no_call", "breakdown"])


def corners(axes):
    return [patch.get_xy()[:-1] for patch in axes.patches]


def marks(axes):
    return {
        tuple(point)
        for line in axes.lines
        if line.get_linestyle() == "None"
        for point in np.round(np.transpose(line.get_data()), 9).tolist()
    }


def test_a_payoff_set_lies_where_its_vertices_are(axes):
    solution = ng.solve(ng.game(*DILEMMA), discount="1/2")
    assert solution.plot(axes) is axes
    for drawn in corners(axes):
        np.testing.assert_allclose(drawn, solution.inner[0].vertices)
    assert marks(axes) == {(3, 3), (0, 5), (5, 0), (1, 1)}
    assert axes.get_xlim()[0] < 0 < 5 < axes.get_xlim()[1]


def test_patience_is_marked_at_the_least_discount_factors(analysis, axes):
    analysis.comparison.plot(axes)
    regimes = [r for item in analysis.comparison.calls for r in item.outcome.regimes if r.key != "stage_nash"]
    wanted = {round(r.least_discount, 9) for r in regimes if r.least_discount is not None}
    assert {x for x, _ in marks(axes)} == wanted
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[:2] == [analysis.comparison.calls[0].outcome.call.label, regimes[0].label]


def test_a_fan_shows_its_quantiles(analysis, axes):
    fan = analysis.fans[0][0]
    fan.plot(axes)
    months = np.arange(1, fan.bands.shape[1] + 1)
    for band, low, high in zip(axes.collections, (0, 1), (4, 3), strict=True):
        corners = {tuple(point) for point in np.round(band.get_paths()[0].vertices, 9).tolist()}
        edges = [(month, values[month - 1]) for values in np.round(fan.bands[[low, high]], 9) for month in months]
        assert corners == set(edges)
    np.testing.assert_allclose(axes.lines[0].get_ydata(), fan.bands[2])


def test_evidence_shows_the_probabilities_under_each_prior(axes):
    found = ng.assess("2025-12-01")
    found.plot(axes)
    drawn = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) > 2]
    for cause, line in zip(found.causes, drawn, strict=True):
        np.testing.assert_allclose(line, cause.mean[3, -len(line) :])


def test_a_phase_diagram_colours_its_whole_plane(axes):
    scenario = ng.load_scenario("rollback-2025")
    paths = ("minerals.leverage", "monitoring.delay_probability")
    ends = ((0.3, 0.9), (0.1, 0.3))
    found = phase_diagram(scenario, paths, ends, ("no_call",), grid=2, depth=0)
    found.plot(axes)
    outlines = [loop.T for patch in axes.patches for loop in patch.get_path().to_polygons()]
    areas = [0.5 * (np.dot(x[:-1], y[1:]) - np.dot(y[:-1], x[1:])) for x, y in outlines]
    assert sum(areas) == pytest.approx(0.6 * 0.2)
    assert axes.get_legend() is not None


def test_pages_draw_the_same_data_on_axes_of_their_own(analysis):
    # a page's figure is the same shapes within a frame of pixels: as many marks and areas as on a reader's axes
    ax = Figure().add_subplot()
    analysis.plot(ax)
    page = patience_chart(analysis.comparison).svg
    assert page.count("<use ") >= len(marks(ax))
    assert fan_charts("fans", analysis.comparison.calls[0].outcome, analysis.fans[0]).svg.startswith("<svg")


def test_new_axes_come_without_asking_and_what_has_no_picture_says_so():
    solution = ng.solve(ng.game(*DILEMMA), discount="1/2")
    assert solution.plot().figure is not solution.plot().figure
    assert solution.inner[0].plot().get_xlabel() == "player 1, payoff per period"
    with pytest.raises(ng.InputError, match="has no picture"):
        ng.stage_equilibria(solution.game).plot()
    with pytest.raises(ng.InputError, match="is not matplotlib axes"):
        solution.plot(3)
