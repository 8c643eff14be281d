"""From the posterior to the game: the monitoring parameters of a scenario, with intervals and sources, as a TOML file.

The game's delays are independent from month to month; the model's last. The delay probability is therefore the long-run
share of months with a common disturbance, entry / (entry + 1 - stay). It comes from months ASSUMED to be licensed: had
the disturbances of 2025 been deliberate, none of it would be delay.
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.months import month_name
from negotiation.evidence.model.prior_overlap import weighted_quantiles
from negotiation.evidence.model.priors import COMMON_ENTRY, COMMON_STAY, DELAY_GREATEST, DELAY_LEAST, NOISE, RATIO_NOISE

DELAY, MIN, MAX, SPREAD = (
    "monitoring.delay_probability",
    "monitoring.delay_min",
    "monitoring.delay_max",
    "monitoring.noise",
)
PATHS = (DELAY, MIN, MAX, SPREAD)
MEANINGS = {
    DELAY: "chance that licensing delays shipments in a month although nothing is withheld on purpose; estimated as if "
    "every month of a common disturbance had been licensed (an assumption)",
    MIN: "least share of shipments lost to a delay; estimated",
    MAX: "largest share of shipments lost to a delay; estimated",
    SPREAD: "standard deviation of the log of measured shipments; estimated",
}
QUANTILE_SHARES = (0.05, 0.5, 0.95)


def game_numbers(theta: Floats) -> dict[str, Floats]:
    """Return the game's monitoring parameters for each row of theta (N, 16), each (N,)."""
    enter, leave = theta[:, COMMON_ENTRY], 1 - theta[:, COMMON_STAY]
    return {
        DELAY: enter / (enter + leave),
        MIN: theta[:, DELAY_LEAST],
        MAX: theta[:, DELAY_GREATEST],
        SPREAD: np.hypot(theta[:, NOISE], theta[:, RATIO_NOISE]),
    }


def estimates(assessment: Assessment) -> dict[str, tuple[float, float, float]]:
    """Return (low, middle, high) of each monitoring parameter: 5, 50 and 95 % quantiles under the middle prior."""
    post = assessment.posteriors[assessment.middle]
    numbers = game_numbers(post.theta)
    rows = {}
    for path in PATHS:
        low, middle, high = weighted_quantiles(numbers[path], post.weights, np.array(QUANTILE_SHARES)).tolist()
        rows[path] = (low, middle, high)
    return rows


def fragment_text(assessment: Assessment, extends: str = "rollback-2025") -> str:
    """Return a scenario file that extends `extends` with the estimates; every number has its interval and source."""
    prior, last = assessment.priors[assessment.middle], month_name(assessment.last)
    lines = [
        f"# Monitoring estimated from magnet shipments to {last}, known on {assessment.as_of}, {prior} prior;",
        "# intervals of 90 %.",
        "# The delay probability ASSUMES that the months of a common disturbance were licensed and only late.",
        "",
        "format = 1",
        f'name = "{extends}-estimated"',
        f'extends = "{extends}"',
        f'title = "Monitoring estimated from shipments to {last}"',
        f'as_of = "{assessment.as_of}"',
    ]
    for path, (low, middle, high) in estimates(assessment).items():
        lines += [
            "",
            f"[{path}]",
            f"value = {middle:.4f}",
            f"low = {low:.4f}",
            f"high = {high:.4f}",
            'source = "estimated-shipments"',
            'range_source = "estimated-shipments"',
            f'dated = "{assessment.as_of}"',
            f'meaning = "{MEANINGS[path]}"',
        ]
    lines += [
        "",
        "[sources.estimated-shipments]",
        f'title = "Posterior of the shipment model ({prior} prior), Chinese customs, HS 85051110, months to {last}"',
        'publisher = "Customs of China through press reports; see negotiation/data/shipments.csv"',
        f'date = "{assessment.as_of}"',
        'kind = "published"',
    ]
    return "\n".join(lines) + "\n"
