"""Sender-receiver games: an informed player speaks, an uninformed one replies, once.

Symbols: n types with prior pi_t > 0, m messages, k responses. The sender of type t sends message s, the receiver
sees s and answers with response a; the sender gets u(t, s, a), the receiver v(t, s, a) (Spence 1973; Cho, Kreps 1987).
Payoffs and priors are kept as exact fractions, so that ties are ties.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from negotiation._values import Value
from negotiation.errors import InputError

Cube = tuple[tuple[tuple[Fraction, ...], ...], ...]
Exact = int | float | str | Fraction


class SignallingGame(Value):
    """A finite sender-receiver game.

    types, messages, responses: names. prior: (n,) positive, adding up to one. sender, receiver: payoffs (n, m, k).
    Numbers may be ints, fractions, text such as "1/3", or floats, which are read as the shortest decimal that they
    stand for. Raises `InputError` for an empty list of names, a prior that is none, shapes that disagree, and entries
    that are not finite numbers.

        >>> game = SignallingGame(("weak", "strong"), ("quiche", "beer"), ("duel", "pass"), ("1/10", 0.9),
        ...     [[[1, 3], [0, 2]], [[0, 2], [1, 3]]], [[[1, 0], [1, 0]], [[0, 1], [0, 1]]])
        >>> game.prior
        (Fraction(1, 10), Fraction(9, 10))
    """

    types: tuple[str, ...]
    messages: tuple[str, ...]
    responses: tuple[str, ...]
    prior: tuple[Fraction, ...]
    sender: Cube
    receiver: Cube

    def __post_init__(self) -> None:
        for name in ("types", "messages", "responses"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        object.__setattr__(self, "prior", _prior(self.types, self.prior))
        for name in ("sender", "receiver"):
            object.__setattr__(self, name, _cube(name, getattr(self, name), self.shape))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of types, messages and responses."""
        return len(self.types), len(self.messages), len(self.responses)


def exact(number: Exact, path: str = "number") -> Fraction:
    """Return a number as a fraction; a float is read as the shortest decimal that it stands for.

    >>> exact(0.1), exact("1/3")
    (Fraction(1, 10), Fraction(1, 3))
    """
    try:
        # numpy's numbers are floats too; their repr is not
        return Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        hint = 'write a finite number or a fraction such as "1/3"'
        raise InputError.single("signalling game", path, f"{number!r} is not a finite number", hint) from None


def _names(path: str, given: Iterable[str]) -> tuple[str, ...]:
    names = tuple(str(name) for name in given)
    if not names:
        what = {"types": "the sender needs at least one type", "messages": "a type needs at least one message to send"}
        raise InputError.single("signalling game", path, what.get(path, "the receiver needs at least one response"))
    if len(set(names)) != len(names):
        raise InputError.single("signalling game", path, "the same name appears twice")
    return names


def _prior(types: Sequence[str], given: Iterable[Any]) -> tuple[Fraction, ...]:
    prior = tuple(exact(number, "prior") for number in given)
    if len(prior) != len(types):
        raise InputError.single("signalling game", "prior", f"{len(prior)} numbers for {len(types)} types")
    for name, chance in zip(types, prior, strict=True):
        if not 0 <= chance <= 1:
            text = f"{float(chance):g} is no probability: it must lie between 0 and 1"
            raise InputError.single("signalling game", f"prior.{name}", text)
        if chance == 0:
            raise InputError.single("signalling game", f"prior.{name}", "is 0", "leave out a type that cannot be")
    if sum(prior) != 1:
        total = float(sum(prior))
        if abs(total - 1) > 1e-12:
            raise InputError.single("signalling game", "prior", f"adds up to {total:.12g}, it must add up to 1")
        prior = tuple(chance / sum(prior) for chance in prior)
    return prior


def _cube(path: str, given: Any, shape: tuple[int, int, int]) -> Cube:
    """Return nested entries as fractions, the shape of each level checked."""

    def level(nested: Any, sizes: tuple[int, ...], where: str) -> Any:
        if not sizes:
            return exact(nested, where)
        if isinstance(nested, str) or not hasattr(nested, "__len__") or len(nested) != sizes[0]:
            raise InputError.single("signalling game", where, f"needs {sizes[0]} entries here")
        return tuple(level(below, sizes[1:], f"{where}[{index}]") for index, below in enumerate(nested))

    cube: Cube = level(given, shape, path)
    return cube
