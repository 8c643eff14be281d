"""Certificates inside other data: every object under a key "certificate" or "certificates", however deep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from negotiation.verify.checker import FORMAT

KEYS = ("certificate", "certificates")


class PrintedCertificate(NamedTuple):
    """A certificate, the path that leads to it, and the objects it lies in, from the outermost to the nearest."""

    path: str
    certificate: Mapping[str, Any]
    around: tuple[Mapping[str, Any], ...]


def embedded_certificates(data: Any) -> list[PrintedCertificate]:
    """Return each certificate found, in the order of the data; data that is a certificate is one too.

    >>> result = {"rows": [{"certificate": {"claim": "sets"}}, {"certificate": None}]}
    >>> [each[:2] for each in embedded_certificates(result)]
    [('rows[0].certificate', {'claim': 'sets'})]
    """
    if isinstance(data, Mapping) and data.get("format") == FORMAT:
        return [PrintedCertificate("", data, ())]
    printed: list[PrintedCertificate] = []
    waiting: list[tuple[str, Any, bool, tuple[Mapping[str, Any], ...]]] = [("", data, False, ())]
    while waiting:
        path, value, named, around = waiting.pop()
        if isinstance(value, Mapping):
            if named and ("format" in value or "claim" in value):
                printed.append(PrintedCertificate(path, value, around))
                continue
            inner = [
                (f"{path}.{key}" if path else str(key), entry, named or key in KEYS, (*around, value))
                for key, entry in value.items()
            ]
        elif isinstance(value, list):
            inner = [(f"{path}[{at}]", entry, named, around) for at, entry in enumerate(value)]
        else:
            continue
        waiting += reversed(inner)
    return printed
