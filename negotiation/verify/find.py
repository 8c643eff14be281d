"""Certificates inside other data: every object under a key "certificate" or "certificates", however deep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from negotiation.verify.checker import FORMAT

KEYS = ("certificate", "certificates")


def certificates(data: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (path, certificate) for each one found, in the order of the data; data that is a certificate is one too.

    >>> certificates({"rows": [{"certificate": {"claim": "sets"}}, {"certificate": None}]})
    [('rows[0].certificate', {'claim': 'sets'})]
    """
    if isinstance(data, Mapping) and data.get("format") == FORMAT:
        return [("", data)]
    found: list[tuple[str, Mapping[str, Any]]] = []
    waiting: list[tuple[str, Any, bool]] = [("", data, False)]
    while waiting:
        path, value, named = waiting.pop()
        if isinstance(value, Mapping):
            if named and ("format" in value or "claim" in value):
                found.append((path, value))
                continue
            inner = [(f"{path}.{key}" if path else str(key), item, named or key in KEYS) for key, item in value.items()]
        elif isinstance(value, list):
            inner = [(f"{path}[{at}]", item, named) for at, item in enumerate(value)]
        else:
            continue
        waiting += reversed(inner)
    return found
