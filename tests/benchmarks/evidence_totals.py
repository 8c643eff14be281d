"""How far is the log-normal approximation of a total from the truth? Against simulation, as a Markdown table.

    python -m tests.benchmarks.evidence_totals [PATHS]    (default 400,000)

The filter gives a total over several months the log-normal density with the exact first two moments given the final
state. Here the same histories are simulated path by path, and the log density of the simulated total, given what the
filter conditions on, is estimated by a fine histogram at five of its quantiles.
"""

from __future__ import annotations

import sys

import numpy as np

from negotiation._values import Floats
from negotiation.evidence.model.filter import last_beliefs
from negotiation.evidence.model.history import History
from negotiation.evidence.model.priors import priors, theta_of
from tests.benchmarks.measurement import measurement
from tests.evidence.model.simulated_history import simulate

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CASES = {"two calm months": (2, 0.1), "four calm months": (4, 0.1), "two months under licences": (2, 1.0)}
WIDTH = 0.04  # of the histogram's bins, in logs


def template(months: int, factor: float) -> History:
    """Return months without single figures, with a total to the US at the end."""
    data, errors = np.full((months, 12), np.nan), np.zeros((months, 2))
    data[:, 2:4], data[:, 4], data[:, 5:7], data[:, 7] = 0.0, 1.0, 0.0, factor
    data[:, 8], data[:, 9], data[-1, 11] = 0.0, 2.0, 1.0
    return History(first=12 * 2025, data=data, errors=errors, observed=months, as_of="2025-12-31")


def compared(history: History, theta: Floats, paths: int) -> list[tuple[float, float, float]]:
    """Return (total, simulated, approximated log density per unit of log) at five quantiles."""
    rng = np.random.default_rng(1)
    totals = np.array([simulate(history, theta, rng).history.data[-1, 11] for _ in range(paths)])
    rows = []
    for total in np.quantile(totals, QUANTILES):
        near = np.abs(np.log(totals / total)) < WIDTH / 2
        data = np.array(history.data)
        data[-1, 11] = total
        (value,), _ = last_beliefs(history.replace(data=data), theta[None])
        rows.append((float(total), float(np.log(near.mean() / WIDTH)), float(value)))
    return rows


def main(paths: int) -> None:
    """Print the table at the prior's middle."""
    theta = theta_of(priors(), np.zeros((1, 16)))[0]
    lines = ["| months | total, t | simulated | approximated | difference |", "|---|---|---|---|---|"]
    for name, (months, factor) in CASES.items():
        for total, truth, value in compared(template(months, factor), theta, paths):
            lines.append(f"| {name} | {total:.0f} | {truth:.2f} | {value:.2f} | {value - truth:+.2f} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    with measurement("evidence_totals", "The approximation of a total over several months"):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
