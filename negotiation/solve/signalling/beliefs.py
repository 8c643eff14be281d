"""Which replies are best to which beliefs: the faces of one message's best-reply complex, exact.

After message s the receiver with belief beta gets sum_t beta_t v(t, s, a) from reply a. Its best replies cut the
simplex of beliefs into polytopes; a face is named by the types that may have positive probability and the replies that
are best on all of it. Beliefs and replies enter only through these faces.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_

from negotiation.games.signalling import SignallingGame
from negotiation.solve.exact.rationals import coprime_integers
from negotiation.solve.stage.best_responses import best_response_vertices

Belief = tuple[Fraction, ...]
Bits = int


@dataclass(frozen=True)
class Face:
    """Beliefs over `types` (bits) at which all `replies` (bits) are best: the hull of `corners`, vertices (n,)."""

    types: Bits
    replies: Bits
    corners: tuple[Belief, ...]


@dataclass(frozen=True)
class Complex:
    """All faces of one message, and the largest sets of replies (bits) that are best together at some belief."""

    faces: tuple[Face, ...]
    largest: tuple[Bits, ...]

    def beliefs(self, replies: Bits, types: Bits) -> tuple[Belief, ...]:
        """Return the corners of all beliefs over `types` at which every one of `replies` is best; none: empty."""
        points = {
            corner
            for face in self.faces
            for corner in face.corners
            if len(face.corners) == 1 and face.replies & replies == replies and face.types & ~types == 0
        }
        return tuple(sorted(points, reverse=True))

    def ever_best(self, types: Bits) -> Bits:
        """Return the replies (bits) that are best to some belief over `types`."""
        return reduce(or_, (face.replies for face in self.faces if face.types & ~types == 0), 0)


def best_reply_complex(game: SignallingGame, message: int) -> Complex:
    """Return the complex of one message: every face that is the set of all beliefs with its types and replies."""
    n, _, k = game.shape
    flat = coprime_integers([game.receiver[t][message][a] for a in range(k) for t in range(n)])
    vertices = best_response_vertices(tuple(flat[a * n : (a + 1) * n] for a in range(k)))
    labels = {label for _, label in vertices}
    fresh = set(labels)
    while fresh:
        fresh = {label for label in {a & b for a in fresh for b in labels} - labels if label >> n}
        labels |= fresh
    faces = []
    for label in sorted(label for label in labels if label >> n):
        inside = tuple(corner for corner, tight in vertices if tight & label == label)
        faces.append(Face(~label & ((1 << n) - 1), label >> n, inside))
    sets = sorted({label >> n for _, label in vertices}, reverse=True)
    largest = tuple(a for a in sets if not any(a != b and a & b == a for b in sets))
    return Complex(tuple(faces), largest)


def names(bits: Bits, options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose bit is set."""
    return tuple(name for k, name in enumerate(options) if bits >> k & 1)
