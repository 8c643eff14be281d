"""What `negotiation evidence` says, in words and as JSON."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import numpy as np

from negotiation.cli.messages import next_command, printable
from negotiation.evidence.answers.assessment import Assessment, chance_text
from negotiation.evidence.answers.deliberate_share import FACT_WEIGHT
from negotiation.evidence.answers.headline_over_posterior import HeadlineShares
from negotiation.evidence.data.months import month_name, month_text
from negotiation.evidence.forecasts.backtest import ScoredMonth
from negotiation.evidence.forecasts.next_figures import NextFigures
from negotiation.evidence.model.causes import CAUSES
from negotiation.evidence.model.posterior import ENOUGH_EFFECTIVE
from negotiation.evidence.model.priors import MEANING
from negotiation.report.text_table import brief, table

REDUCED = (
    "The action chain is a reduced form: what is probably being played, no equilibrium belief about intentions.\n"
    "“Common” hits all destinations alike. A slow licensing desk and a deliberate restriction look the same in it."
)
SHOWN = 12


def assessment_text(found: Assessment, shares: HeadlineShares | None, fragment: Path | None) -> str:
    """Return the answer as it stands on the terminal."""
    parts = [_head(found)]
    parts += [found.sentence(month) for month in range(found.last, found.history.months[-1] + 1)]
    parts += ["", _priors(found), "", _path(found), "", _split(found)]
    if found.next_figures:
        parts += ["", *(_next(item) for item in found.next_figures)]
    parts += ["", _learned(found), "", REDUCED]
    if shares is not None:
        parts += ["", *(headline_lines(shares))]
    if fragment is not None:
        parts += ["", printable(f"wrote    {fragment}"), next_command("run", str(fragment))]
    else:
        parts += ["", next_command("evidence", "--as-of", found.as_of, "--fragment", "estimated.toml")]
    return "\n".join(parts)


def _head(found: Assessment) -> str:
    history = found.history
    lines = [
        f"as of {found.as_of}: {history.us_singles} single months to the US, the last one {month_name(found.last)}",
        *(f"note: {notice}" for notice in history.notices),
    ]
    least = min(post.effective for post in found.posteriors)
    if least < ENOUGH_EFFECTIVE:
        lines.append(f"caution: only {least:.0f} effective draws, read probabilities to one digit")
    if history.few:
        lines.append("too few months: what follows is mostly the prior")
    return "\n".join(lines) + "\n"


def _priors(found: Assessment) -> str:
    rows = []
    for name, post, cause in zip(found.priors, found.posteriors, found.causes, strict=True):
        cells = [_interval(*cause.probability(key, found.last)) for key in CAUSES]
        rows.append((name, *cells, f"{post.effective:.0f}", MEANING[name]))
    head = ("prior", "common", "slow-walk", "withhold", "targeted", "draws", "which says")
    return f"{month_name(found.last)}, probability with 90 % interval over the parameters\n" + table(head, rows)


def _interval(mean: float, low: float, high: float) -> str:
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]"


def _path(found: Assessment) -> str:
    months = [month for month in found.history.months if month <= found.last][-SHOWN:]
    rows = []
    for month in months:
        row = found.history.data[found.history.index(month)]
        events = [item for item in found.events.rows if item.month == month and item.kind not in ("procedure",)]
        named = "; ".join(shorten(item.text, 60, placeholder=" …") for item in events[:2])
        chances = " ".join(f"{cause.probability('targeted', month)[0]:.2f}" for cause in found.causes)
        rows.append((month_text(month), _tonnes(row[1]), _tonnes(row[0] - row[1]), chances, named))
    head = ("month", "US t", "others t", "P(targeted) " + "/".join(name[:4] for name in found.priors), "events")
    return table(head, rows)


def _tonnes(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"


def _split(found: Assessment) -> str:
    rows = [(item.prior, f"{item.before:.2f}", f"{item.after:.2f}") for item in found.splits]
    used = [f"{fact.name} {fact.value:g} (ratio {ratio:.2f})" for fact, ratio in found.splits[0].ratios]
    text = "Is a common disturbance deliberate? A stated prior, then licensing facts (judgement):\n"
    text += table(("prior", "before", "after"), rows)
    facts = "; ".join(used) if used else "none published by then"
    return f"{text}\nfacts, counted at {FACT_WEIGHT:g} of their weight: {facts}"


def _next(found: NextFigures) -> str:
    lines = [f"If {month_name(found.month)} shows ({found.prior} prior):"]
    lines += [
        f"  others {row.rest:.0f} t ({row.rest_name}), US {row.us:.0f} t ({row.us_name} share): "
        f"P(targeted) {chance_text(row.targeted)}, P(common) {chance_text(row.common)}"
        for row in found.rows
        if row.rest_name == row.us_name or {row.rest_name, row.us_name} == {"low", "high"}
    ]
    if found.even is not None:
        lines.append(f"  as likely as not targeted at {found.even:.0f} t to the US, others in the middle")
    return "\n".join(lines)


def _learned(found: Assessment) -> str:
    rows = [
        (
            item.parameter.name,
            _three(item.before),
            _three(item.after),
            f"{100 * item.overlap:.0f} %",
            "" if item.informed else "not informed by data",
            item.parameter.meaning,
        )
        for item in found.prior_overlaps
    ]
    head = ("parameter", "prior 5/50/95 %", "posterior 5/50/95 %", "overlap", "", "meaning")
    return f"What the data inform ({found.priors[found.middle]} prior)\n" + table(head, rows)


def _three(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    return " / ".join(f"{value:.3g}" for value in values)


def headline_lines(found: HeadlineShares) -> list[str]:
    """Return in how many draws of the posterior each call's deal holds."""
    lines = [f"Does the deal hold over {found.draws} draws of the posterior ({found.prior} prior)?"]
    rows = [(row.label, row.regime, f"{100 * row.share:.0f} %") for row in found.rows]
    return [*lines, table(("call outcome", "regime", "holds in"), rows)]


def scores_text(found: tuple[ScoredMonth, ...]) -> str:
    """Return the scores of new months as tables."""
    names = [item.name for item in found[0].scores]
    head = ("month", "US t", "median", "80 % interval", "within", *(f"log score {name}" for name in names))
    rows = [
        (
            month_text(item.month),
            f"{item.actual:.0f}",
            f"{item.median:.0f}",
            f"{item.eighty[0]:.0f}-{item.eighty[1]:.0f}",
            f"{item.share:.2f}",
            *(f"{one.log_score:.2f}" for one in item.scores),
        )
        for item in found
    ]
    means = [
        (
            name,
            brief(float(np.mean([item.scores[i].log_score for item in found]))),
            brief(float(np.mean([item.scores[i].crps for item in found]))),
        )
        for i, name in enumerate(names)
    ]
    text = table(head, rows) + "\n\n" + table(("forecast", "mean log score", "mean CRPS, t"), means)
    return text + f"\n\n{len(found)} months, parameters not refitted; higher log scores and lower CRPS are better"
