"""Posterior draws from the evidence as the sample of a study: what the shipments say of delays and noise, jointly.

Equally weighted draws (systematic resampling, without chance) of the monitoring parameters of the game, given what was
known on a date under one prior.
"""

from __future__ import annotations

from datetime import date

from negotiation.errors import InputError, nearest
from negotiation.evidence.answers.scenario_fragment import game_numbers
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import FULL, Effort, posterior
from negotiation.evidence.model.priors import PRIORS
from negotiation.studies.draws import sample_of_draws
from negotiation.studies.study import Sample
from negotiation.trade.scenario.scenario import Scenario

PRIOR = "neutral"


def posterior_sample(
    scenario: Scenario, points: int, as_of: str = "", prior: str = PRIOR, effort: Effort = FULL
) -> Sample:
    """Return `points` draws of the posterior; as_of: ISO day, by default that of the newest shipment figure.

    Raises `InputError` for an unknown prior, for what is no day, and for one before there was anything to know.
    """
    if prior not in PRIORS:
        raise InputError.single("posterior", "prior", f"'{prior}' is unknown", nearest(prior, PRIORS))
    shipments = load_shipments()
    try:
        day = date.fromisoformat(as_of or shipments.newest)
    except ValueError:
        raise InputError.single("posterior", "as_of", f"'{as_of}' is no day", 'write as_of = "2025-06-01"') from None
    post = posterior(build_history(shipments, load_events(), day), prior, effort)
    return sample_of_draws(game_numbers(post.equal_draws(points)), scenario, "posterior")
