"""Fan charts: the selected regime month by month while both sides comply, as bands over simulated paths."""

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.simulated_paths import FAN_QUANTILES, Fan
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, legend, panels, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import ACCENT, BLUE, MUTED, RULE, Look
from negotiation.report.words import number, percent, significant, title

COLUMNS = 2  # figures beside each other
PANEL, FRAME = 176.0, 40.0  # pixels of a row of panels, and of the key and the axis
TITLE = 235.0  # pixels of a panel's title
WIDE, NARROW = 0.22, 0.38  # how dark the bands are: nine in ten of the paths, half of them
KEY: tuple[tuple[str, Look], ...] = (
    ("9 of 10 paths", {"facecolor": BLUE, "alpha": WIDE}),
    ("half of the paths", {"facecolor": BLUE, "alpha": WIDE + NARROW}),
    ("median", {"color": ACCENT, "linewidth": 2.2}),
)
SHARES = ("share of normal", "ad valorem")


def fan_charts(key: str, outcome: Outcome, fans: tuple[Fan, ...]) -> Figure:
    """Return the fan charts of one outcome, a small panel for each series."""
    height = -(-len(fans) // COLUMNS) * PANEL + FRAME
    across = {"left": 0.09, "right": 0.975, "wspace": 0.24}
    margins = {**across, "top": 1 - 70 / height, "bottom": 36 / height, "hspace": 0.5}

    def draw(canvas: Canvas) -> None:
        for index, axes in enumerate(panels(canvas, len(fans), COLUMNS, **margins)):
            _draw(fans[index], axes)
            last = index >= len(fans) - COLUMNS
            axes.set_xlabel("month" if last else "")
            axes.tick_params(labelbottom=last)
        legend(canvas, KEY, 3, loc="upper left")

    alt, caption, data = _alt(outcome, fans), _caption(outcome, fans), _table(outcome, fans)
    return svg.figure(key, draw, alt=alt, caption=caption, data=data, height=height)


def series_title(fan: Fan) -> str:
    """Return a series' name as a heading: "Cumulative value: US" for "cumulative value: us"."""
    head, colon, party = fan.name.partition(": ")
    return head[:1].upper() + head[1:] + (f": {title(party)}" if colon else "")


def _end(fan: Fan, band: int) -> str:
    """Return where a quantile ends: a share as a percentage, others with their unit."""
    value = float(fan.bands[band, -1])
    return percent(value) if fan.unit in SHARES else f"{significant(value, 3)} {fan.unit}"


def plot_fan(fan: Fan, axes: Axes) -> None:
    """Draw one series on axes: bands for half and for nine in ten of the paths, and the median."""
    _draw(fan, axes)
    legend(axes, KEY, 1, loc="best")


def _draw(fan: Fan, axes: Axes) -> None:
    months = range(1, fan.bands.shape[1] + 1)
    for low, high, shade in ((0, 4, WIDE), (1, 3, NARROW)):
        axes.fill_between(months, fan.bands[low], fan.bands[high], color=BLUE, alpha=shade, linewidth=0)
    axes.plot(months, fan.bands[2], color=ACCENT, linewidth=2.0)
    axes.set_xlabel("month")
    axes.set_xticks(_ticks(len(months)))
    axes.set_xlim(1, max(len(months), 2))
    axes.set_ylim(*_range(fan, *axes.get_ylim()))
    axes.grid(True, axis="y", color=RULE, linewidth=0.7)
    axes.grid(False, axis="x")
    axes.locator_params(axis="y", nbins=4)
    if fan.unit in SHARES:
        axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    axes.spines[["top", "right"]].set_visible(False)
    head, end = series_title(fan), f"median {_end(fan, 2)} at the end"
    axes.set_title(shorten(head, TITLE, 13, bold=True), x=-0.16, ha="left", pad=24)
    axes.text(-0.16, 1.06, shorten(end, TITLE, SMALL), transform=axes.transAxes, fontsize=SMALL, color=MUTED)


def _range(fan: Fan, low: float, high: float) -> tuple[float, float]:
    """Return the ends of the vertical axis, given those that hold the bands."""
    if fan.unit == "share of normal" or fan.name.startswith(("months", "cumulative")):
        low, high = min(low, 0.0), max(high, 0.0)
    if fan.name.startswith("months"):
        low, high = 0.0, max(high, 1.0)
    if fan.unit in SHARES and high - low < 0.05:
        low, high = low - 0.03, high + 0.03
    return low, high


def _ticks(count: int) -> list[int]:
    step = 12 if count > 18 else 6 if count > 8 else 2
    return [1, *range(step, count + 1, step)]


def _alt(outcome: Outcome, fans: tuple[Fan, ...]) -> str:
    parts = [
        f"{series_title(fan)} ends at a median of {_end(fan, 2)} (9 of 10 paths: {_end(fan, 0)} to {_end(fan, 4)})"
        for fan in fans
    ]
    months = fans[0].bands.shape[1] if fans else 0
    return f"{len(fans)} fan charts over {months} months after {outcome.call.label}. {'; '.join(parts)}."


def _caption(outcome: Outcome, fans: tuple[Fan, ...]) -> str:
    regime = outcome.selected
    text = f"After **{literal(outcome.call.label)}**, under {literal(regime.label)}, while both sides comply."
    punished = next((fan for fan in fans if fan.name == "months punished"), None)
    if punished is not None:
        months = punished.bands.shape[1]
        median = number(float(punished.bands[2, -1]), 0)
        verb = "paid for" if regime.key == "compensation" else "spent in punishment"
        text += f" Of {months} months a median of {median} is {verb}."
    return text


def _table(outcome: Outcome, fans: tuple[Fan, ...]) -> Table:
    columns = (
        Column("series"),
        Column("unit"),
        Column("month", kind="number", digits=0),
        *(Column(percent(share), kind="number", group="quantile") for share in FAN_QUANTILES),
        Column("mean", kind="number"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for fan in fans:
        count = fan.bands.shape[1]
        for month in sorted({1, *range(6, count + 1, 6), count}):
            bands = [float(value) for value in fan.bands[:, month - 1]]
            rows.append((literal(series_title(fan)), literal(fan.unit), month, *bands, float(fan.mean[month - 1])))
    return Table(columns, tuple(rows), f"Simulated paths after {literal(outcome.call.label)}")
