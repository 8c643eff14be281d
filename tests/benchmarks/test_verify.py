"""How long the exact checker takes for the default game's five call outcomes (CPU time; run with -m benchmark -s)."""

import json
import time

import pytest

from negotiation.games import DynamicGame
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.public.solver import solve_public
from negotiation.trade.game.build import build_pact
from negotiation.verify.checker import check


@pytest.mark.benchmark
def test_five_call_outcomes_are_verified_in_seconds(default_scenario):
    total, conditions = 0.0, 0
    for call in default_scenario.calls:
        pact = build_pact(default_scenario.after(call.changes))
        game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
        proof = with_certificate(solve_public(game)).certificate
        data = json.loads(json.dumps(proof))
        began = time.process_time()
        verdict = check(data)
        total += time.process_time() - began
        conditions += verdict.checked
        assert verdict.holds, verdict.failure
    print(f"\n{conditions} conditions in {total:.2f} s")
    assert total < 8.0
