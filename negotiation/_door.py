"""What the front door (`import negotiation`) lends to the rooms far below it, which must not import it.

Results ask it for the renderer that shows them, and the rooms `negotiation.solve` and `negotiation.verify`, which bear
the names of functions, are called through it: `negotiation.solve(game)`.
"""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

_doors: list[Callable[[str], Any]] = []


def register(load: Callable[[str], Any]) -> None:
    """Let `load(name)` return what the front door has under a name; the last one registered counts."""
    _doors.append(load)


def front(name: str) -> Any:
    """Return what the front door has under `name`: a public function, or "renderer"."""
    return _doors[-1](name)


class CallableRoom(ModuleType):
    """A package that is also the public function of its name (give it to `__class__` of the package)."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.__wrapped__(*arguments, **options)

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        function: Callable[..., Any] = front(self.__name__.rpartition(".")[2])
        return function

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self.__wrapped__)
