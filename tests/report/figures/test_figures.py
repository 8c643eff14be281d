"""The report's figures: well-formed, readable, in the palette's colours, and showing the numbers of the results.

Expected numbers: the economic model's own table of likelihood ratios (a fall to 50-80 % of normal is 9.3 times as
likely under slow-walking), the textbook prisoners' dilemma (Friedman 1971), hand-made break-evens and automata.
"""

import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.calls.outcomes.comparison import compare_calls
from negotiation.calls.outcomes.false_accusations import ratios_to_deal
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.report.document import Column, Table
from negotiation.report.figures.answer import answer_picture
from negotiation.report.figures.automaton import automaton_picture
from negotiation.report.figures.axes import label_points, shorten, width, wrap
from negotiation.report.figures.breakeven import break_even_distances
from negotiation.report.figures.decomposition import decomposition_bars
from negotiation.report.figures.fans import fan_charts
from negotiation.report.figures.heat import heat_map
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.figures.patience import patience_chart
from negotiation.report.figures.payoffs import stage_payoffs
from negotiation.report.figures.regime_panels import regime_payoffs
from negotiation.report.figures.ripples import ripples
from negotiation.report.figures.signals import signal_picture
from negotiation.report.render import palette, svg
from negotiation.solve.regimes.analysis import own_regime
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<b>$x_1^2$</b> & *bold* [link](x) " + "very long name " * 12


@pytest.fixture(scope="module")
def economy():
    return analyse(frozen("rollback-2025"), AnalysisOptions(quick=True, calls=("no_call", "breakdown")))


@pytest.fixture(scope="module")
def textbook():
    return analyse(frozen("textbook"), AnalysisOptions(quick=True))


@pytest.fixture(scope="module")
def hostile(textbook):
    """An analysis whose texts try to break the drawing; wider names than any figure."""
    scenario = textbook.scenario.replace(unit="points <i> $y$")
    rows = []
    for row in textbook.comparison.calls:
        call = row.outcome.call.replace(label=f"{row.name} {HOSTILE}")
        rows.append(row.replace(outcome=row.outcome.replace(call=call)))
    comparison = textbook.comparison.replace(scenario=scenario, calls=tuple(rows))
    return textbook.replace(scenario=scenario, comparison=comparison)


def every_figure(analysis):
    """Return each figure that a report shows of an analysis."""
    comparison = analysis.comparison
    figures = [
        answer_picture(analysis),
        patience_chart(comparison),
        stage_payoffs(analysis),
        regime_payoffs(comparison),
        signal_picture(analysis.base),
        decomposition_bars(comparison),
        break_even_distances(analysis),
    ]
    for index, (row, fans) in enumerate(zip(comparison.calls, analysis.fans, strict=True)):
        figures.append(automaton_picture(f"automaton-{index}", row.outcome.selected, row.outcome.game))
        figures.append(fan_charts(f"fans-{index}", row.outcome, fans))
    return [*figures, ripples(comparison)] if analysis.base.has_economics else figures


def texts(figure):
    """Return the words drawn in a figure."""
    return ["".join(node.itertext()) for node in ET.fromstring(figure.svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def hostile_figures(hostile):
    return every_figure(hostile)


@pytest.fixture(scope="module", params=["economy", "textbook", "hostile"])
def drawn(request):
    if request.param == "hostile":
        return request.getfixturevalue("hostile_figures")
    return every_figure(request.getfixturevalue(request.param))


def test_every_figure_is_xml_with_words_and_numbers(drawn):
    for figure in drawn:
        root = ET.fromstring(figure.svg)
        assert root.find(f"{SVG}desc").text == figure.alt
        assert len(texts(figure)) >= 3
        assert figure.data.rows
        assert figure.caption


def test_no_text_is_smaller_than_eleven_pixels(drawn):
    for figure in drawn:
        sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)px", figure.svg)]
        assert sizes
        assert min(sizes) >= 11, figure.key


def test_every_colour_follows_the_scheme_of_the_page(drawn):
    # a colour that is left as a number would stay the same on a dark page
    for figure in drawn:
        assert not re.findall(r"#[0-9a-fA-F]{6}\b", figure.svg), figure.key


def test_text_starts_and_ends_inside_the_drawing(drawn):
    for figure in drawn:
        root = ET.fromstring(figure.svg)
        right = float(root.get("viewBox").split()[2])
        for node in root.iter(f"{SVG}text"):
            style = node.get("style")
            size = float(re.search(r"font-size:([\d.]+)px", style)[1])
            x = float(node.get("x", "0"))
            # estimated widths are those of a wide font, a reader's may be a fifth narrower
            wide = 0.8 * width("".join(node.itertext()), size)
            start = {"end": x - wide, "middle": x - wide / 2}.get(re.search(r"text-anchor:(\w+)|$", style)[1], x)
            assert start >= -2, (figure.key, "".join(node.itertext()))
            assert start + wide <= right + 2, (figure.key, "".join(node.itertext()))


def test_ids_of_different_figures_do_not_meet(drawn):
    ids = [name for figure in drawn for name in set(re.findall(r'\bid="([^"]+)"', figure.svg))]
    assert len(ids) == len(set(ids))


def test_hostile_names_are_shown_as_they_are(hostile_figures):
    assert any("$x_1^2$" in words for words in texts(hostile_figures[0]))
    for figure in hostile_figures:
        assert "<b>" not in figure.svg
        assert "**bold**" not in figure.caption.replace(r"\*", "")


def test_drawing_twice_gives_the_same_bytes(economy):
    assert answer_picture(economy).svg == answer_picture(economy).svg
    assert signal_picture(economy.base).svg == signal_picture(economy.base).svg


def test_figures_import_matplotlib_only_when_they_draw():
    code = (
        "import sys, negotiation.report.figures.answer, negotiation.report.figures.payoffs, "
        "negotiation.report.figures.automaton, negotiation.report.figures.fans; print('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_answer_says_of_each_outcome_whether_it_holds(economy):
    words = texts(answer_picture(economy))
    for row in economy.comparison.outcomes:
        assert row.call.label in words
        verdict = next(line for line in words if line.startswith("holds by" if row.holds else "does not hold"))
        assert row.selected.label in verdict
        assert f"{row.discount:.2f}" in words
        assert f"{row.least_discount:.2f}" in words
    held = {row[0]: row[2].value for row in answer_picture(economy).data.rows}
    assert held == {"no call": True, "breakdown": False}


def test_answer_counts_a_deal_that_does_not_hold_as_war(textbook):
    # breakdown: discount .4 below the threshold .5, so both get 1 instead of 3 in every period (Friedman 1971)
    row = next(row for row in answer_picture(textbook).data.rows if row[0] == "breakdown")
    assert row[3:5] == (pytest.approx(0.5), 0.4)
    assert row[6] == pytest.approx(4.0)
    assert row[7] == 1.0


def test_answer_says_when_no_patience_is_enough(textbook):
    scenario = textbook.scenario
    calls = (scenario.calls[0].replace(regime="compensation", probability=1.0),)
    picture = answer_picture(textbook.replace(comparison=compare_calls(scenario.replace(calls=calls))))
    assert "no discount factor is enough" in texts(picture)
    assert picture.data.rows[0][3] is None


def test_answer_shows_more_decimals_where_two_would_hide_the_sign(textbook):
    close = textbook.scenario.after([Change("patience.discount", "set", 0.5004)])
    words = texts(answer_picture(textbook.replace(comparison=compare_calls(close, ("no_call",)))))
    assert {"0.5000", "0.5004"} <= set(words)


def test_patience_chart_lists_every_regime_with_its_least_discount(economy):
    table = patience_chart(economy.comparison).data
    regimes = [r for row in economy.comparison.calls for r in row.outcome.regimes if r.key != "stage_nash"]
    assert sorted(row[3] for row in table.rows) == pytest.approx(sorted(r.least_discount for r in regimes))


def test_stage_payoffs_label_deal_and_war_and_mark_the_frontier(economy):
    figure = stage_payoffs(economy)
    assert {"deal: keep/license", "war: partial/slow-walk"} <= set(texts(figure))
    efficient = {row[0] for row in figure.data.rows if row[5]}
    assert efficient == {"keep/slow-walk", "keep/license", "partial/license"}


def test_payoff_sets_are_drawn_where_they_are_given(economy):
    square = np.array([[-0.1, -0.1], [0.0, -0.1], [0.0, 0.0], [-0.1, 0.0]])
    plain = regime_payoffs(economy.comparison)
    with_sets = regime_payoffs(economy.comparison, {"no_call": (square, 2 * square)})
    assert "equilibria, inner" in texts(with_sets)
    assert "equilibria, inner" not in texts(plain)
    assert with_sets.svg.count("<path") >= plain.svg.count("<path") + 4


def test_captions_praise_only_regimes_that_hold(textbook):
    comparison = textbook.comparison
    assert "comes closest to the deal" in regime_payoffs(comparison).caption
    lost = comparison.replace(calls=tuple(row for row in comparison.calls if not row.outcome.holds))
    assert "No selected regime holds" in regime_payoffs(lost).caption
    assert "After no outcome" in answer_picture(textbook.replace(comparison=lost)).caption


def test_signal_picture_prints_the_ratio_that_marks_intent(economy):
    figure = signal_picture(economy.base)
    assert "9.3" in texts(figure)
    assert "between 50 % and 80 %" in figure.caption
    assert "not monotone" in figure.caption


def test_likelihood_ratios_of_impossible_signals():
    ratios = ratios_to_deal(np.array([[0.5, 0.5, 0.0, 0.0], [0.25, 0.0, 0.75, 0.0]]), 0)
    assert ratios[1, :3].tolist() == [0.5, 0.0, np.inf]
    assert np.isnan(ratios[1, 3])


def test_automaton_folds_the_punishment_months(economy):
    row = economy.comparison.row("no_call")
    regime = row.outcome.selected
    figure = automaton_picture("a", regime, row.outcome.game)
    assert f"Punishment, {regime.length:.0f} months" in texts(figure)
    assert f"after {regime.length:.0f} months" in figure.alt
    assert f"shipments fall below 80 % of normal ({100 * regime.low_if_deal:.0f} % of months)" in figure.alt


def test_automaton_of_a_perfectly_seen_game_names_the_signal_that_never_comes(textbook):
    row = textbook.comparison.row("no_call")
    assert (
        "the signal is 'defect' (never while both comply)"
        in automaton_picture("a", row.outcome.selected, row.outcome.game).alt
    )


@pytest.mark.parametrize("count", [1, 2, 3, 6, 14])
def test_automaton_of_a_user_shows_every_state_and_lottery(economy, count):
    game = economy.base
    figure = automaton_picture("own", own_regime(game.pact, "own", "my plan", _ring(game.pact, count)), game)
    words = " ".join(texts(figure))
    assert figure.alt.count("keep/license") == count
    assert {row[0] for row in figure.data.rows} == {f"state-{index}" for index in range(count)}
    if count > 1:
        assert "(50 %)" in words
    assert "US seen to depart in any state" in words


def _ring(pact, count):
    """Return an automaton that moves on after a low month with probability one half."""
    low = pact.mask(pact.trigger) > 0
    transition = np.zeros((count, pact.monitoring.n_signals, count))
    for state in range(count):
        transition[state, ~low, state] = 1
        transition[state, low, state] += 0.5
        transition[state, low, (state + 1) % count] += 0.5
    return Automaton(
        tuple(f"state_{index}" for index in range(count)),
        np.array([pact.deal] * count),
        transition,
        np.array([[count - 1, -1]] * count),
        np.zeros((count, 2, *pact.stage.shape)),
    )


def test_fan_charts_tell_the_last_median(economy):
    row, fans = economy.comparison.calls[0], economy.fans[0]
    figure = fan_charts("fan", row.outcome, fans)
    months = next(fan for fan in fans if fan.name == "months punished")
    assert f"median {months.bands[2, -1]:.0f} months at the end" in texts(figure)
    assert {line[0] for line in figure.data.rows} >= {"Shipments", "Tariff in force", "Cumulative value: India"}


def test_break_evens_inside_beyond_and_without_a_flip(economy):
    path = "minerals.leverage"
    items = tuple(
        BreakEven(
            outcome=name, path=path, value=0.68, holds_now=holds, boundaries=(), nearest=nearest, searched=(0.0, 5.0)
        )
        for name, holds, nearest in (("no_call", True, 4.44), ("breakdown", False, None))
    )
    figure = break_even_distances(economy.replace(break_evens=items))
    assert {"4.44", "no flip: fails"} <= set(texts(figure))
    assert "No flip lies inside a plausible range." in figure.caption
    inside = break_even_distances(economy.replace(break_evens=(items[0].replace(nearest=0.75),)))
    assert "for 1 of the 1 parameters" in inside.caption


def test_decomposition_totals_are_the_gains_over_the_reference(textbook):
    # a deal worth 4 instead of 3 to both, held without punishment on the path
    table = {row[0]: row for row in decomposition_bars(textbook.comparison).data.rows}
    assert table["better deal"][4] == pytest.approx(2.0)
    assert table["breakdown"][4] == pytest.approx(-4.0)
    assert sum(table["better deal"][1:4]) == pytest.approx(table["better deal"][4])


def test_heat_map_hatches_what_does_not_hold_and_frames_the_best():
    values = [[0.25, None], [0.75, 0.5]]
    figure = heat_map(
        "heat", ["1", "2"], ["low", "high"], values, x_title="T", y_title="trigger", value_title="joint value",
        caption="c", best=(1, 0), digits=2,
    )  # fmt: skip
    assert {"0.25", "0.75", "0.50"} <= set(texts(figure))
    assert figure.svg.count("<pattern") == 1
    assert "3 of them hold" in figure.alt
    assert "The best is high with 1" in figure.alt
    assert figure.data.rows[0] == ("low", 0.25, None)


def test_line_chart_names_every_series_and_says_never():
    lines = [Line("reversion", (0.5, 0.75, None)), Line("payment", (None, None, None))]
    figure = line_chart("lines", [0.0, 0.5, 1.0], lines, x_title="delay", y_title="least discount", caption="c")
    assert {"reversion", "payment (never)"} <= set(texts(figure))
    assert "reversion from 0.500 at 0 to 0.750 at 0.5" in figure.alt
    assert [row[1] for row in figure.data.rows] == [0.5, 0.75, None]


def test_ripples_need_the_economics(economy, textbook):
    assert {"US", "China", "EU", "India"} <= set(texts(ripples(economy.comparison)))
    with pytest.raises(InputError, match="no economic values"):
        ripples(textbook.comparison)


def test_labels_of_crowded_points_do_not_cover_each_other():
    labels = [((0.4 + 0.02 * (i % 3), 0.5 + 0.02 * (i // 3)), f"profile number {i}", {}) for i in range(9)]

    def draw(canvas):
        axes = canvas.subplots()
        canvas.draw_without_rendering()
        label_points(axes, labels, np.empty((0, 2)))

    table = Table((Column("a"),), (("b",),), "t")
    figure = svg.figure("t", draw, alt="a", caption="c", data=table, height=300)
    nodes = [node for node in ET.fromstring(figure.svg).iter(f"{SVG}text") if "profile" in node.text]
    wide = width("profile number 0", 12)
    shift = {"end": -wide, "middle": -wide / 2}
    spots = [
        (float(node.get("y")), float(node.get("x")) + shift.get(re.search(r"anchor:(\w+)|$", node.get("style"))[1], 0))
        for node in nodes
    ]
    assert len(spots) == 9
    for (y0, x0), (y1, x1) in itertools.combinations(spots, 2):
        assert abs(y1 - y0) >= 11 or abs(x1 - x0) >= 0.8 * wide


@given(st.text(max_size=80), st.floats(30, 300))
def test_shortened_and_wrapped_texts_fit(text, room):
    assert width(shorten(text, room)) <= room or shorten(text, room) in ("", "…")
    lines = wrap(text, room, 12, 3)
    assert len(lines) <= 3
    assert all(width(line) <= room or line == "…" for line in lines)


def test_every_series_looks_different_without_colour():
    looks = [palette.series(index) for index in range(7)]
    assert len({(look.marker, look.hatch) for look in looks}) == len(looks)
