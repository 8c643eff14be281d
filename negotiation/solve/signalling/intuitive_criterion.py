"""The intuitive criterion of Cho and Kreps (1987), a test of outcomes, exact.

An outcome is what is seen on the path; with it each type has a payoff w_t. After a message s that nobody sends, a type
is ruled out when w_t is above all it could get from s with replies that are best to some belief at all. The outcome
fails when some type left gets more than w_t from s whatever reply follows that is best to a belief over the types
left. With costless messages nothing can be ruled out that way: a message alone never gives more than another.
"""

from collections.abc import Sequence
from fractions import Fraction

from negotiation._values import Value
from negotiation.games.signalling import SignallingGame
from negotiation.solve.signalling.beliefs import Bits, Complex, best_reply_complex, names
from negotiation.solve.signalling.equilibria import Behaviour, Component, belief_after, sender_payoffs

SURVIVES, FAILS, PARTLY = "survives", "fails", "survives in part"


class Objection(Value):
    """Why an outcome fails: `speaker` would send `message`, since it can only come from types not in `excluded`."""

    message: str
    speaker: str
    excluded: tuple[str, ...]

    def sentence(self) -> str:
        """Return the speech that the criterion puts into the sender's mouth."""
        others = " or ".join(self.excluded)
        whom = f"'{others}' would never send '{self.message}'" if others else f"'{self.message}' pays in any case"
        return f"{whom}, so '{self.speaker}' can send it and be believed"


def objections_to(
    game: SignallingGame, sender: Behaviour, receiver: Behaviour, complexes: Sequence[Complex] | None = None
) -> tuple[Objection, ...]:
    """Return what the criterion objects to the outcome of an equilibrium."""
    payoffs = sender_payoffs(game, sender, receiver)
    everyone = (1 << len(game.types)) - 1
    objections = []
    for s, message in enumerate(game.messages):
        if belief_after(game, sender, s) is not None:
            continue
        cells = best_reply_complex(game, s) if complexes is None else complexes[s]
        excluded = 0
        for t, worth in enumerate(payoffs):
            if worth > max(_worths(game, t, s, cells.ever_best(everyone))):
                excluded |= 1 << t
        left = everyone & ~excluded
        replies = cells.ever_best(left)
        for t, worth in enumerate(payoffs):
            if left >> t & 1 and worth < min(_worths(game, t, s, replies)):
                objections.append(Objection(message, game.types[t], names(excluded, game.types)))
    return tuple(objections)


def _worths(game: SignallingGame, kind: int, message: int, replies: Bits) -> list[Fraction]:
    return [worth for a, worth in enumerate(game.sender[kind][message]) if replies >> a & 1]


class Intuitive(Value):
    """The verdict on a component: "survives", "fails" or "survives in part" (at some vertices), and an objection."""

    verdict: str
    objection: Objection | None


def intuitive_criterion(component: Component) -> Intuitive:
    """Return whether the outcomes at the vertices of a component, and inside it, survive."""
    game = component.game
    complexes = [best_reply_complex(game, s) for s in range(len(game.messages))]
    points = [*component.extremes, component.middle]
    objections = [objections_to(game, sender, receiver, complexes) for sender, receiver in points]
    failing = [first[0] for first in objections if first]
    if not failing:
        return Intuitive(SURVIVES, None)
    return Intuitive(FAILS if len(failing) == len(points) else PARTLY, failing[0])
