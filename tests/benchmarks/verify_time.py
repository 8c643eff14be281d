"""How long does the exact checker take for the default scenario's five call outcomes, against solving them?

    python -m tests.benchmarks.verify_time

Process CPU time of one run, certificates through JSON as `negotiation verify` reads them.
"""

import json
import sys
import time

from negotiation.games import DynamicGame
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.public.solver import solve_public
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario
from negotiation.verify.checker import check
from tests.benchmarks.measurement import measurement
from tests.stored import frozen


def pact_games(scenario: Scenario) -> dict[str, DynamicGame]:
    """Return the repeated game after each call outcome."""
    pacts = {call.name: build_pact(scenario.after(call.changes)) for call in scenario.calls}
    return {name: DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring) for name, pact in pacts.items()}


def main() -> None:
    """Print the table."""
    scenario = frozen("rollback-2025")
    with_certificate(solve_public(pact_games(scenario)["no_call"]))  # compile, or load
    sys.stdout.write("| call outcome | conditions | solve and prove, s | check, s | ratio |\n|---|---|---|---|---|\n")
    for name, game in pact_games(scenario).items():
        began = time.process_time()
        proof = json.dumps(with_certificate(solve_public(game)).certificate)
        proven = time.process_time()
        verdict = check(json.loads(proof))
        checked = time.process_time() - proven
        assert verdict.holds, verdict.failure
        proven -= began
        sys.stdout.write(f"| {name} | {verdict.checked:,} | {proven:.2f} | {checked:.2f} | {checked / proven:.2f} |\n")


if __name__ == "__main__":
    with measurement("verify_time", "The exact checker: time"):
        main()
