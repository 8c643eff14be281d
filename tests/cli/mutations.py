"""Damage to files and arguments, by a seeded generator: bytes, lines, structure, and words of a command."""

import json
import tomllib
from datetime import date

import tomli_w

ODD = (
    float("nan"), float("inf"), -float("inf"), 0, 0.0, -0.0, -1, 1, 2, 0.5, 1e308, -1e308, 5e-324, 1e-300, 1e15, 1e16,
    2**31, 2**63 - 1, 2**63, 10**30, 10**400, -(10**400), "", " ", "x", "x" * 300, "x" * 100_000, "..", "../..", "/",
    "a/b", "rollback-2025", "no_call", "nan", "1e400", "1e100000000", "1/3", "1/0", "9" * 500, "ﬁ‮ \u200b", "é\u0301",
    "<b>", "\x1b[31m", "0", "2025-02-30", "9999-12-31", "0000-01-01", "minerals.leverage", "[0.2, 0.3]", True, False,
    [], {}, [[]], [{}], [1, 2, 3], ["a", "a"], {"a": {}}, {"value": 1}, date(2025, 6, 1),
)  # fmt: skip
WORDS = (
    "", " ", "=", "x", "x=", "=1", "x=1", "minerals.leverage", "minerals.leverage=", "minerals.leverage=nan",
    "minerals.leverage=1e999", "minerals.leverage=-1", "minerals.leverage=0.5", "minerals.leverage*=inf",
    "minerals.leverage+=1e308",
    "minerals.leverage=0.2,0.3", "minerals.leverage=0.2:0.9:3", "minerals.leverage=0.9:0.2:3",
    "minerals.leverage=0.2:0.9:1000000000", "minerals.leverage=0.2:0.9:-1", "minerals.leverage=1:2:3:4", "a:b:c=1",
    "minerals.leverage=0.2:inf:3", "monitoring.noise=1e+300", "monitoring.noise=1e15", "monitoring.noise=1e-99",
    "monitoring.edges=1", "monitoring.edges=0.9,0.1", "monitoring.edges=" + ",".join(["0.5"] * 300), "no_call",
    "patience.monthly_discount=1", "patience.monthly_discount=0.9999999999999999", "breakdown", "no_call:x", "NO_CALL",
    "2025", "2025-06-01", "2025-13", "2025-02-30", "0001", "9999-12-31", "-1", "10" * 200, "x" * 5000,
    "../../etc/passwd",
    "/dev/zero", "/dev/null",
    "/", ".", "..", "ﬁ‮", "é=1", "--", "--json", "-h", "0", "1", "1e9", "nan", "inf", "\t", "a\nb",
)  # fmt: skip


def bent(rng, content):
    """Return bytes with a few of them changed, dropped, doubled, moved or cut off."""
    found = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(found) + 1)
        size = rng.choice((1, 1, 1, 2, 8, 64))
        kind = rng.randrange(7)
        if kind == 0:
            found[at : at + size] = rng.randbytes(size)
        elif kind == 1:
            del found[at : at + size]
        elif kind == 2:
            found[at:at] = found[at : at + size] * rng.choice((1, 2, 50))
        elif kind == 3:
            found[at:at] = rng.choice((b"\0", b"\xff", b"\xef\xbb\xbf", b"[" * 2000, b"9" * 5000, b'"', b"'''", b"\r"))
        elif kind == 4:
            found[at : at + 1] = bytes([rng.choice(b'"[]{}=.,#-9x\t\n:eE+')])
        elif kind == 5 and rng.random() < 0.3:
            del found[at:]
        else:
            lines = bytes(found).split(b"\n")
            rng.shuffle(lines[(cut := rng.randrange(len(lines))) : cut + 3])
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
            found = bytearray(b"\n".join(lines))
    return bytes(found)


def places(data, path=()):
    """Return the path of every entry of nested tables and lists."""
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = [path] if path else []
    for key, item in below:
        found += places(item, (*path, key))
    return found


def reshaped(rng, data):
    """Change a few entries of nested data in place: another value, none, another name, wrapped, nested."""
    for _ in range(rng.randint(1, 3)):
        known = places(data)
        if not known:
            return data
        *path, last = rng.choice(known)
        parent = data
        for key in path:
            parent = parent[key]
        kind = rng.randrange(8)
        if kind == 0:
            del parent[last]
        elif kind == 1 and isinstance(parent, dict):
            parent[rng.choice((f"{last}x", str(last)[1:], "", "value", "é", "a.b", "x" * 200))] = parent.pop(last)
        elif kind == 2:
            parent[last] = [parent[last]]
        elif kind == 3:
            parent[last] = {"value": parent[last]}
        elif kind == 4 and isinstance(parent, list):
            parent.insert(rng.randrange(len(parent) + 1), parent[last])
        elif kind == 5 and isinstance(parent[last], int | float) and not isinstance(parent[last], bool):
            factor = rng.choice((-1, 0, 1e-9, 1 + 1e-9, 10, 1e6, 1e300))
            parent[last] = parent[last] * factor if abs(parent[last]) < 1e300 else 1
        elif kind == 6 and rng.random() < 0.2:
            for _ in range(rng.choice((5, 60, 400))):
                parent[last] = [parent[last]]
        else:
            parent[last] = rng.choice(ODD)
    return data


def toml_of(rng, text):
    """Return the bytes of a damaged TOML text."""
    if rng.random() < 0.4:
        return bent(rng, text.encode())
    try:
        return tomli_w.dumps(reshaped(rng, tomllib.loads(text))).encode("utf-8", "surrogatepass")
    except (RecursionError, ValueError, TypeError):  # what cannot be written down is no input
        return bent(rng, text.encode())


def json_of(rng, text):
    """Return the bytes of a damaged JSON text."""
    if rng.random() < 0.4:
        return bent(rng, text.encode())
    try:
        return json.dumps(reshaped(rng, json.loads(text)), default=str, ensure_ascii=rng.random() < 0.5).encode()
    except (RecursionError, ValueError):
        return bent(rng, text.encode())


def words_of(rng, words, fixed):
    """Return the words of a command; behind the first `fixed` some are replaced, doubled or dropped."""
    found = list(words)
    for _ in range(rng.randint(0, 2)):
        at = rng.randrange(fixed, len(found) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            found[at : at + 1] = [rng.choice(WORDS)]
        elif kind == 1:
            found[at:at] = found[at : at + 2]
        elif kind == 2:
            del found[at : at + 1]
        else:
            found.insert(at, rng.choice(WORDS))
    return [word.replace("\0", "") for word in found]
