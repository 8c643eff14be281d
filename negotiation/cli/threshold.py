"""`negotiation threshold`: from where on can a profile be played in some equilibrium, proven from both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiation._values import plain
from negotiation.cli.messages import say
from negotiation.cli.options import AsJson
from negotiation.errors import InputError, nearest

if TYPE_CHECKING:
    from negotiation.solve.thresholds.threshold import Threshold

QUALIFIER = "Speaks of pure public strategies with public randomisation; mixed strategies may do more."


def threshold(
    target: Annotated[str, typer.Argument(metavar="GAME|SCENARIO", help="Game file, or scenario (name or file).")],
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", help="Parameter of the scenario, such as minerals.leverage.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="ACTION,ACTION", help="What the players of a game do.")
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", help="Ask for this discounted share of the periods, up to 1.")
    ] = None,
    loss: Annotated[
        float | None, typer.Option("--loss", help="Ask for a joint loss of at most this, in the payoffs' unit.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="State in which a dynamic game starts.")] = None,
    call: Annotated[str | None, typer.Option("--call", help="Call outcome of the scenario that comes on top.")] = None,
    low: Annotated[float | None, typer.Option("--low", help="Least value searched.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Largest value searched.")] = None,
    tolerance: Annotated[
        float | None, typer.Option("--tolerance", help="How closely a change is enclosed (default 1e-4 of a game).")
    ] = None,
    tries: Annotated[
        int, typer.Option("--tries", min=1, max=5, help="Times an undecided value is put to ten times finer sets.")
    ] = 1,
    certify: Annotated[bool, typer.Option("--certify", help="Check the proofs at the ends exactly.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find proven thresholds. Example: negotiation threshold dilemma.json --profile C,C."""
    from negotiation.trade.files.load import SUFFIX, embedded_scenarios

    if share is not None and loss is not None:
        raise InputError.single("threshold", "--loss", "cannot be asked beside --share", "leave one of them out")
    bounds = {"low": low, "high": high, "width": tolerance}
    given = {name: value for name, value in bounds.items() if value is not None}
    if path is None and not target.endswith(SUFFIX) and target not in embedded_scenarios():
        _refuse("a game file", {"--call": call})
        answer = _of_game(target, profile, state, (share, loss), tries=tries, **given)
    else:
        _refuse("a scenario, whose deal is the profile", {"--profile": profile, "--state": state})
        answer = _of_scenario(target, path, (share, loss), call=call, tries=tries, **given)
    answer = answer.certified() if certify else answer
    say(json.dumps(_data(answer, target)) if as_json else _text(answer, target))


Asked = tuple[float | None, float | None]  # a share of the periods, or a joint loss


def _of_game(target: str, profile: str | None, state: str | None, asked: Asked, **given: Any) -> Threshold:
    from negotiation.api.games import profile_of
    from negotiation.cli.waiting import compiling
    from negotiation.games.dynamic import OneShotGame
    from negotiation.games.files.load import read_game
    from negotiation.solve.thresholds.claims import CanPlay, Claim, FillsShare, LossBelow
    from negotiation.solve.thresholds.threshold import LOWEST, discount_threshold

    game, (share, loss) = read_game(Path(target)), asked
    played = game.repeated(LOWEST) if isinstance(game, OneShotGame) else game
    if state is not None and state not in played.states:
        raise InputError.single("threshold", "--state", f"there is no state '{state}'", nearest(state, played.states))
    start = 0 if state is None else played.states.index(state)
    chosen = profile_of(played.stages[start], profile, "threshold", "--profile")
    claim: Claim = CanPlay(chosen, start)
    if share is not None:
        claim = FillsShare(chosen, share, start)
    elif loss is not None:
        claim = LossBelow(chosen, loss, start)
    with compiling(("perfect",)):
        return discount_threshold(game, claim, **given)


def _of_scenario(target: str, path: str | None, asked: Asked, **given: Any) -> Threshold:
    from negotiation.calls.proofs.thresholds import deal_claim, scenario_threshold
    from negotiation.cli.waiting import compiling
    from negotiation.trade.files.load import load_scenario

    scenario, (share, loss) = load_scenario(target), asked
    if path is None:
        hint = f"such as patience.monthly_discount; `negotiation show {target}` lists all"
        raise InputError.single("threshold", "PATH", "is missing: name a parameter of the scenario", hint)
    kind, amount = ("share", share) if share is not None else ("play" if loss is None else "loss", loss)
    with compiling(("noisy",)):
        return scenario_threshold(scenario, path, deal_claim(scenario, kind, amount), **given)


def _refuse(what: str, options: dict[str, str | None]) -> None:
    """Refuse options that mean nothing for what was given."""
    for name, value in options.items():
        if value is not None:
            raise InputError.single("threshold", name, f"means nothing for {what}", "leave it out")


def _text(answer: Threshold, target: str) -> str:
    """Return the answer for the terminal: each stretch, what it speaks of, and how it was found."""
    ends = [(stretch, *stretch.digits()) for stretch in answer.stretches]
    width = max(len(f"{low} to {high}") for _, low, high in ends)
    lines = [f"{target}: {answer.claim.words(answer.judged[0][1].solution.game)}?", f"  {answer.parameter}"]
    for stretch, low, high in ends:
        where = low if stretch.low == stretch.high else f"{low} to {high}"
        lines.append(f"    {where.ljust(width)}  {stretch.answer.value}")
    first, last = answer.stretches[0].low, answer.stretches[-1].high
    searched = f"  Searched from {first!r} to {last!r}; changes are enclosed to {answer.width:g} where the sets decide."
    return "\n".join([*lines, searched, f"  {QUALIFIER}", f"  {answer.how()}"])


def _data(answer: Threshold, target: str) -> Any:
    """Return the answer as plain data."""
    game, claim, monotone = answer.judged[0][1].solution.game, answer.claim, answer.monotone
    return plain(
        {
            "target": target,
            "parameter": answer.parameter,
            "claim": claim.words(game),
            "profile": game.stages[claim.state].name(claim.profile),
            "stretches": [
                {"answer": stretch.answer.name.lower(), "low": stretch.low, "high": stretch.high}
                for stretch in answer.stretches
            ],
            "rises": None if monotone is None else monotone.rises,
            "reason": None if monotone is None else monotone.reason,
            "step": answer.step,
            "tolerance": answer.width,
            "checked": answer.checked,
            "judged": [
                {"value": value, "answer": verdict.answer.name.lower(), "low": verdict.low, "high": verdict.high}
                for value, verdict in answer.judged
            ],
            "qualifier": QUALIFIER,
        }
    )
