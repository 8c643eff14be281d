"""Was a common disturbance a slow procedure or a decision? Split by a stated prior and by facts about licensing.

Shipments cannot say; the share of applications approved once the statutory wait was over can, a little. Shares from
before its end say nothing: nobody was late by then.
"""

import math
from datetime import date

import numpy as np
from scipy.special import beta

from negotiation._values import Value
from negotiation.evidence.data.shipments import shipped_records
from negotiation.trade.parameters.parameter import first_day

LICENSING_FILE = "licensing.csv"
# approval shares of applicants outside the US, which say something about the procedure as a whole
APPROVALS = ("approval_share_clepa_4jun2025", "approval_share_clepa_30jun2025", "approval_share_euchamber_sep2025",
             "approval_share_nov2025")  # fmt: skip
WAIT_OVER = date(2025, 6, 11)  # licensing.csv: the 45th working day after the controls
# approval share under a slow but willing procedure and under a deliberate restriction, Beta distributions: judgement
WILLING_BETA, DELIBERATE_BETA = (3.0, 2.0), (1.5, 4.0)
FACT_WEIGHT = 0.5  # of each log likelihood ratio, as the facts overlap; doubled, they count as independent
# prior probability that a common disturbance is deliberate
DELIBERATE_PRIORS = {"sceptical": 0.15, "neutral": 0.40, "suspicious": 0.70}


class LicensingFact(Value, kw_only=True):
    """One fact about licensing: a value with its unit, source, confidence and day of publication."""

    name: str
    value: float
    unit: str
    meaning: str
    source: str
    url: str
    confidence: str
    published: str


class DeliberateShare(Value):
    """Probability that a common disturbance is deliberate, before and after the facts known; ratios: (fact, ratio)."""

    prior: str
    before: float
    after: float
    ratios: tuple[tuple[LicensingFact, float], ...]


def load_licensing() -> tuple[LicensingFact, ...]:
    """Return the shipped facts."""
    texts = ("name", "unit", "meaning", "source", "url", "confidence", "published")
    records = shipped_records(LICENSING_FILE)
    return tuple(LicensingFact(value=float(row["value"]), **{name: row[name] for name in texts}) for row in records)


def deliberate_share(prior: str, as_of: date) -> DeliberateShare:
    """Return how a common disturbance divides into delay and deliberate restriction, from facts published by a day."""
    published = [fact for fact in load_licensing() if fact.published <= as_of.isoformat()]
    ratios = tuple((fact, _ratio(fact)) for fact in published if fact.name in APPROVALS)
    before = DELIBERATE_PRIORS[prior]
    odds = math.log(before / (1 - before)) + FACT_WEIGHT * sum(math.log(ratio) for _, ratio in ratios)
    return DeliberateShare(prior, before, 1 / (1 + math.exp(-odds)), ratios)


def _ratio(fact: LicensingFact) -> float:
    """Return the likelihood of an approval share under a deliberate restriction over that under a slow procedure."""
    if first_day(fact.published) < WAIT_OVER:
        return 1.0
    share = np.clip(fact.value, 0.01, 0.99)
    (a, b), (c, d) = DELIBERATE_BETA, WILLING_BETA
    return float(share ** (a - c) * (1 - share) ** (b - d) * beta(c, d) / beta(a, b))
