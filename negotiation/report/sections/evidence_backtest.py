"""The backtest's tables and its calibration picture: rolling origin, four baselines, paired differences."""

import math

from negotiation.evidence.data.months import month_text
from negotiation.evidence.forecasts.backtest import CALIBRATION_LEVELS, INDISTINCT, Backtest
from negotiation.report.document import Column, Figure, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.runs.results_evidence import mean_scores
from negotiation.report.tables import numbers, table
from negotiation.report.words import percent

RETROSPECTIVE = (
    "Retrospective: every forecast uses only what was published at its origin, but the model was designed after 2025."
)


def backtest_section(backtest: Backtest) -> Section:
    """Return one horizon: differences with verdicts, coverage, every origin."""
    half, most = map(percent, backtest.covered)
    text = (
        f"**{len(backtest.rows)} origins.** The 50 % intervals held {half} of the figures, the 80 % intervals "
        f"{most}. {verdict(backtest)}"
    )
    return Section(
        f"ahead-{backtest.ahead}",
        f"{backtest.ahead} {'month' if backtest.ahead == 1 else 'months'} ahead",
        (Note(RETROSPECTIVE, "limit"), Paragraph(text), _differences(backtest), _means(backtest), _origins(backtest)),
    )


def verdict(backtest: Backtest) -> str:
    """Return the verdict in words: not distinguishable unless the intervals say otherwise, collapse months included or not."""
    better, still = (
        sum(row.verdict == "model better" and row.measure == "log score" for row in rows)
        for rows in (backtest.differences, backtest.without_collapse)
    )
    every = len({row.baseline for row in backtest.differences})
    first = f"the model is better than {better} of {every} baselines" if better else INDISTINCT
    second = f"better than {still}" if still else INDISTINCT
    return f"By log score {first}; without the two collapse months of April and May 2025, {second}."


def calibration_picture(backtests: tuple[Backtest, ...]) -> Figure:
    """Return how often figures fell below each forecast probability, against what was stated."""
    lines = [Line("perfect", CALIBRATION_LEVELS)]
    lines += [Line(f"{one.ahead} ahead, {len(one.rows)} months", one.calibration()) for one in backtests]
    return line_chart(
        "calibration",
        list(CALIBRATION_LEVELS),
        lines,
        x_title="forecast probability of less",
        y_title="share of months that came in below it",
        caption="Calibration of the model's forecasts: on the diagonal they are as sure as they should be.",
    )


def _differences(backtest: Backtest) -> Table:
    without = "without April and May 2025"
    columns = (
        *("baseline", "measure", *numbers(2, "advantage", signed=True), "95 % block interval", "verdict"),
        *(*numbers(2, "advantage", signed=True, group=without), Column("verdict", group=without)),
    )
    rows = []
    for row, calm in zip(backtest.differences, backtest.without_collapse, strict=True):
        interval = f"{row.low:.2f} to {row.high:.2f}" if math.isfinite(row.low) else "too few months"
        every = (literal(row.baseline), row.measure, row.mean, interval, row.verdict)
        rows.append((*every, calm.mean, calm.verdict))
    note = "Positive: the model is better. Log score per unit of log tonnes; CRPS in tonnes."
    key = f"differences-{backtest.ahead}"
    return table("Against the baselines", key, columns, rows, note, sortable=False)


def _means(backtest: Backtest) -> Table:
    columns = ("forecast", *numbers(2, "mean log score"), *numbers(0, "mean CRPS", unit="t"))
    rows = [(literal(name), scores["log_score"], scores["crps"]) for name, scores in mean_scores(backtest).items()]
    return table("Mean scores", f"means-{backtest.ahead}", columns, rows)


def _origins(backtest: Backtest) -> Table:
    names = [literal(score.name) for score in backtest.rows[0].scores]
    columns = (
        *("month", "origin", *numbers(0, "came", "median", unit="t"), "80 % interval"),
        *(*numbers(2, "share below"), *numbers(2, *names, group="log score")),
    )
    rows = []
    for row in backtest.rows:
        interval = "{:.0f} to {:.0f}".format(*row.eighty)
        scores = (score.log_score for score in row.scores)
        rows.append((month_text(row.month), row.as_of, row.actual, row.median, interval, row.share, *scores))
    return table("Every origin", f"origins-{backtest.ahead}", columns, rows)
