"""The independent checker: one certificate in, one verdict out. Exact arithmetic, nothing but the certificate itself.

`claim` is one of
- "sets": inner and outer sets of equilibrium payoffs and the gap between them (`inner`, `outer`, `claims`);
- "bound": no equilibrium payoff lies above a level in a direction;
- "play": a profile can ("yes") or cannot ("no") be played in the first period;
- "automaton": a strategy profile is an equilibrium (`automaton`);
- "every share": no share that player 1 could withhold gains more than a bound in any state of one (`shares`).
Everything speaks of pure strategies with public randomisation. The solvers share no code with this package.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from negotiation._values import Value
from negotiation.verify.automaton import AutomatonChecker, read_automaton
from negotiation.verify.claims import Proven, ProvenSets, check_bound, check_play, check_sets
from negotiation.verify.game import Game, read_game
from negotiation.verify.reading import Count, Entry, FailedError, double, short_repr
from negotiation.verify.shares import ShareChecker, read_shares

CERTIFICATE_FORMAT = "negotiation certificate"
VERSION = 1  # of the format: a checker reads this version and no other


class CertificateVerdict(Value):
    """Outcome of a check.

    holds: whether every condition holds. kind: what the certificate claims. checked: number of conditions checked (up
    to the one that fails). failure: the first condition that fails, in words, "" if none. proven: what is proven.
    """

    _tag: ClassVar[str] = "Verdict"

    holds: bool
    kind: str
    checked: int
    failure: str
    proven: str


def check(certificate: Mapping[str, Any]) -> CertificateVerdict:
    """Check a certificate and return the verdict; raise `InputError` when it cannot be read."""
    return check_with_sets(certificate)[0]


def check_with_sets(certificate: Mapping[str, Any]) -> tuple[CertificateVerdict, ProvenSets | None]:
    """Check a certificate; return the verdict, and the sets where it holds and proves some."""
    data = Entry(certificate)
    head, version, claim = (data.optional(key, None) for key in ("format", "version", "claim"))
    if head.value != CERTIFICATE_FORMAT:
        raise head.fault(f"is {short_repr(head.value)}", f"write {CERTIFICATE_FORMAT!r}")
    if version.value != VERSION or type(version.value) is not int:
        raise version.fault(f"is {short_repr(version.value)}", f"this checker reads version {VERSION}")
    kind = data.field("claim").text()
    if kind not in _CHECKS:
        raise claim.fault(f"is {short_repr(kind)}", "allowed: " + ", ".join(_CHECKS))
    game = read_game(data.field("game"))
    if kind != "automaton" and len(game.players) != 2:
        raise data.field("game").field("players").fault(f"{len(game.players)} players, sets are for two")
    count = Count()
    try:
        proven, sets = _CHECKS[kind](game, data, count)
    except FailedError as failed:
        return CertificateVerdict(False, kind, count.checked, str(failed), ""), None
    return CertificateVerdict(True, kind, count.checked, "", proven), sets


def _check_automaton(game: Game, data: Entry, count: Count) -> Proven:
    states, payments = read_automaton(data.field("automaton"), game)
    check = AutomatonChecker(game, states, count)
    check.run(payments)
    values = ", ".join(f"{name} {double(v):.6g}" for name, v in zip(game.players, check.values[0], strict=True))
    adjusted = ""
    if any(any(map(any, state.adjustments)) for state in states):
        adjusted = ", with payments that are worth making," if payments else ", its payments taken as given,"
    size = f"{len(states)} state{'s' if len(states) > 1 else ''}"
    return f"the strategy with {size}{adjusted} is an equilibrium; values {values}", None


def _check_shares(game: Game, data: Entry, count: Count) -> Proven:
    states, _ = read_automaton(data.field("automaton"), game)
    shares = read_shares(data, game, len(states))
    cells = ShareChecker(game, states, shares, count).run()
    size = f"{len(states)} state{'s' if len(states) > 1 else ''}"
    return (
        f"{game.players[1]} gains at most {double(max(shares.bounds)):.3g} by withholding any share once, in each of "
        f"the strategy's {size}; the bounds on payoffs and chances over {cells} cells are taken as given"
    ), None


_CHECKS: dict[str, Callable[[Game, Entry, Count], Proven]] = {
    "sets": check_sets,
    "bound": check_bound,
    "play": check_play,
    "automaton": _check_automaton,
    "every share": _check_shares,
}
