"""The backtest's tables and its calibration picture: rolling origin, five baselines, paired differences."""

import math

from negotiation.evidence.data.months import month_text
from negotiation.evidence.forecasts.backtest import (
    CALIBRATION_LEVELS,
    COLLAPSE,
    INDISTINCT,
    TRENDED,
    Backtest,
    Difference,
)
from negotiation.evidence.forecasts.baselines import BASELINES
from negotiation.evidence.model.priors import INFORMAL_FACTOR
from negotiation.report.document import Block, Column, Figure, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.runs.results_evidence import mean_scores
from negotiation.report.tables import numbers, table
from negotiation.report.words import count_text, number, percent

HINDSIGHT = (
    f"One regressor is hindsight: disturbances and targeted conduct set in {1 / INFORMAL_FACTOR:.0f} times as often once "
    "licences are required, which was put into the model after the collapse that followed them."
)
RETROSPECTIVE = (
    "Retrospective: every forecast uses only what was published at its origin, but the model was designed after 2025. "
    f"{HINDSIGHT}"
)


def backtest_section(backtest: Backtest) -> Section:
    """Return one horizon: differences with verdicts, coverage, every origin."""
    return Section(
        f"ahead-{backtest.ahead}",
        f"{backtest.ahead} {'month' if backtest.ahead == 1 else 'months'} ahead",
        (Note(RETROSPECTIVE, "limit"), *score_blocks(backtest)),
    )


def score_blocks(backtest: Backtest) -> tuple[Block, ...]:
    """Return coverage and verdict in words, differences, means, every origin."""
    half, most = map(percent, backtest.covered)
    text = (
        f"**{count_text(len(backtest.rows), 'origin')}.** The 50 % intervals held {half} of the figures, the 80 % intervals "
        f"{most}. {verdict(backtest)} {_trend_verdict(backtest)}"
    )
    return Paragraph(text), _differences(backtest), _means(backtest), _origins(backtest)


def verdict(backtest: Backtest) -> str:
    """Return the verdict in words: not distinguishable unless the intervals say otherwise, collapse months included or not."""
    first = _beaten(backtest.differences)
    if not _collapse_scored(backtest):
        return f"By log score the model is {first}."
    second = _beaten(backtest.without_collapse)
    return f"By log score the model is {first}; without the two collapse months of April and May 2025, {second}."


def _beaten(differences: tuple[Difference, ...]) -> str:
    """Return how many baselines are worse than the model by log score, and how many better."""
    verdicts = [row.verdict for row in differences if row.baseline in BASELINES and row.measure == "log score"]
    counts = {word: verdicts.count(f"{side} better") for word, side in (("better", "model"), ("worse", "baseline"))}
    told = " and ".join(f"{word} than {count}" for word, count in counts.items() if count)
    return f"{told} of {len(verdicts)} baselines" if told else f"{INDISTINCT} from any of {len(verdicts)} baselines"


def _collapse_scored(backtest: Backtest) -> bool:
    return any(row.month in COLLAPSE for row in backtest.rows)


def _trend_verdict(backtest: Backtest) -> str:
    """Return how the model without a trend of US demand scores against the one with it."""
    row = next(row for row in backtest.differences if row.baseline == TRENDED)
    return (
        f"Its advantage over the same model with a trend of US demand is {number(row.mean, 2)}: {row.verdict}; the trend is "
        "off unless `negotiation evidence --trend` asks for it."
    )


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
    without, collapse = "without April and May 2025", _collapse_scored(backtest)
    calm_columns = (*numbers(2, "advantage", signed=True, group=without), Column("verdict", group=without))
    columns = (
        *("against", "measure", *numbers(2, "advantage", signed=True), "95 % block interval", "verdict"),
        *(calm_columns if collapse else ()),
    )
    rows = []
    for row, calm in zip(backtest.differences, backtest.without_collapse, strict=True):
        interval = f"{row.low:.2f} to {row.high:.2f}" if math.isfinite(row.low) else "too few months"
        every = (literal(row.baseline), row.measure, row.mean, interval, row.verdict)
        rows.append((*every, calm.mean, calm.verdict) if collapse else every)
    note = "Positive: the model is better. Log score per unit of log tonnes; CRPS in tonnes. The t(3) walk has no finite CRPS."
    key = f"differences-{backtest.ahead}"
    return table("Against the other forecasts", key, columns, rows, note, sortable=False)


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
