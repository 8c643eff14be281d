"""Is the posterior of the evidence model calibrated? Simulation-based calibration, as Markdown tables.

python -m tests.benchmarks.evidence_calibration [HISTORIES]    (default 300; about two seconds each)
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np

from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.model.history import build_history
from tests.benchmarks.measurement import measurement
from tests.evidence.model.calibration import Calibration, calibrate

AS_OF = date(2026, 1, 31)


def main(count: int) -> None:
    """Calibrate on the calendar and gaps of the shipped data, and print the tables."""
    template = build_history(load_shipments(), load_events(), AS_OF)

    def step(done: int) -> None:
        if done % 10 == 0:
            sys.stderr.write(f"{done} of {count}\n")

    sys.stdout.write(tables(calibrate(template, count, step=step)) + "\n")


def tables(found: Calibration) -> str:
    """Return the calibration as Markdown."""
    middle, least = float(np.median(found.effective)), float(np.min(found.effective))
    lines = [f"{len(found.ranks)} histories, effective draws: median {middle:.0f}, least {least:.0f}.", ""]
    lines += ["| parameter | 80 % interval covers | uniform ranks, p |", "|---|---|---|"]
    rows = zip(found.names, found.covered(), found.uniform(), strict=True)
    lines += [f"| {name} | {100 * share:.0f} % | {p:.2f} |" for name, share, p in rows]
    for cause, name in enumerate(("common", "targeted")):
        lines += ["", f"| P({name}) stated | months | mean stated | share true |", "|---|---|---|---|"]
        lines += [f"| {low:.2f}-{high:.2f} | {n} | {mean:.3f} | {share:.3f} |"
                  for low, high, n, mean, share in found.reliability(cause)]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    with measurement("evidence_calibration", "Simulation-based calibration of the posterior"):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
