"""What a scenario, its comparison, its analysis and its regimes say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from negotiation.api.scenarios import Regimes
from negotiation.api.views import Row, View
from negotiation.calls.enforcement import STAGE_NASH
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.headline import HeadlineRow, headline
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.simulated_paths import QUANTILES, Fan
from negotiation.errors import count_text
from negotiation.report.words import significant
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import enumeration
from negotiation.trade.scenario.scenario import Scenario

HEADLINE = ("label", "holds", "regime", "terms", "discount", "least_discount", "values", "holds_against_every_share")
TERMS = ("regime", "signals", "terms", "holds", "least_discount", "values", "punished_share")


def _scenario(found: Scenario) -> str:
    changed = f", {count_text(len(found.changes), 'change')} made" if found.changes else ""
    calls = enumeration([call.name for call in found.calls]) if found.calls else "none"
    return f"{found.name}: {found.title} (as of {found.as_of}){changed}\ncall outcomes: {calls}"


def _parameters(found: Scenario) -> Iterator[Row]:
    for path, item in found.parameters.items():
        yield {
            "path": path, "value": item.value, "low": item.low, "high": item.high, "unit": item.unit,
            "source": item.source, "meaning": item.meaning,
        }  # fmt: skip


def _headline_rows(items: Iterable[HeadlineRow]) -> list[Row]:
    return [{"outcome": row.outcome, "label": row.label, **row.plain()} for row in items]


def _verdict(title: str, items: Sequence[HeadlineRow]) -> str:
    groups = [[row.label for row in items if row.holds is holds] for holds in (True, False)]
    words = ("the deal enforces itself after {}", "it does not after {}")
    if not groups[0]:
        words = ("", "the deal does not enforce itself after {}")
    parts = [text.format(enumeration(group)) for text, group in zip(words, groups, strict=True) if group]
    return f"{title}: {'; '.join(parts)} (by the rule selected then, against the enumeration actions)."


def _of_comparison(found: Comparison) -> tuple[HeadlineRow, ...]:
    return headline(found.scenario, [item.outcome for item in found.calls]).rows


def _of_outcome(found: Outcome) -> str:
    regime = found.selected
    how = f"holds by {regime.label}, {found.terms}" if found.holds else f"does not hold: {found.enforcement.why_not()}"
    return f"After {found.call.label} the deal {how}."


def _regime_rows(items: Iterable[Regime]) -> Iterator[Row]:
    for item in items:
        yield {
            "key": item.key,
            "regime": item.label,
            "signals": item.trigger_rule,
            "trigger": item.trigger,
            "terms": item.terms,
            "length": item.length,
            "payment": item.payment,
            "holds": item.key != STAGE_NASH and item.holds,  # stage Nash is stable, and no deal
            "least_discount": None if item.key == STAGE_NASH else item.least_discount,
            "margin": item.margin,
            "values": item.values,
            "punished_share": item.punished_share,
            "holds_against_every_share": None if item.share is None else item.key != STAGE_NASH and item.holds_finely,
        }


def _regimes(found: Regimes) -> str:
    rules = [item for item in found.regimes if item.key != STAGE_NASH and item.trigger_rule != BEST_SET]
    names = [item.label for item in rules if item.holds]
    after = f"{found.scenario.name}, after {found.label}: "
    if not names:
        return f"{after}no rule holds the deal under the scenario's trigger."
    return f"{after}{enumeration(names)} {'hold' if len(names) > 1 else 'holds'} the deal under the scenario's trigger."


def _fan(found: Fan) -> str:
    ends = [significant(float(found.bands[at, -1])) for at in (2, 0, 4)]
    return f"{found.name}, {found.unit}: a median of {ends[0]} at the end, 9 of 10 paths from {ends[1]} to {ends[2]}."


def _bands(found: Fan) -> Iterator[Row]:
    for month, (band, mean) in enumerate(zip(found.bands.T.tolist(), found.mean.tolist(), strict=True), 1):
        own = {f"quantile_{share:g}": value for share, value in zip(QUANTILES, band, strict=True)}
        yield {"month": month, **own, "mean": mean}


VIEWS = {
    "Fan": View(_fan, _bands),
    "Scenario": View(_scenario, _parameters, ("path", "value", "low", "high", "unit", "source")),
    "Comparison": View(
        lambda found: _verdict(found.scenario.title, _of_comparison(found)),
        lambda found: _headline_rows(_of_comparison(found)),
        HEADLINE,
    ),
    "Analysis": View(
        lambda found: _verdict(found.headline.title, found.headline.rows),
        lambda found: _headline_rows(found.headline.rows),
        HEADLINE,
    ),
    "Outcome": View(_of_outcome, lambda found: _regime_rows(found.regimes), TERMS),
    "Regimes": View(_regimes, lambda found: _regime_rows(found.regimes), TERMS),
}
