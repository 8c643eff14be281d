"""The manifest of a study: everything that decides its numbers, and whether a folder is its own, free, or another's."""

import json
from pathlib import Path
from typing import Any

from negotiation._files import LOCK, UNFINISHED_SUFFIX, read_json
from negotiation._values import digest, plain
from negotiation._version import versions
from negotiation.errors import InputError, OutputError
from negotiation.studies.part import MEASURES
from negotiation.studies.study import Study

MANIFEST_FORMAT = 1  # of study folders: another one is computed anew
MANIFEST = "study.json"
STUDY_PACKAGES = ("numpy", "scipy", "numba")
# what is read of a manifest
NEEDED = {"format": int, "study": str, "digest": str, "versions": dict, "points": int, "chunk": int, "scenario": dict}
NEEDED |= dict.fromkeys(("outcomes", "regimes", "players", "vary"), list)


def manifest_of(study: Study) -> dict[str, Any]:
    """Return the manifest of a study: everything that decides its numbers, nothing that does not."""
    scenario, unit = study.scenario, study.scenario.unit
    described = {name: {"unit": unit if u == "payoff" else u, "meaning": text} for name, u, text in MEASURES.values()}
    sample = study.sample
    return {
        "format": MANIFEST_FORMAT,
        "study": study.name,
        "digest": study_digest(study),
        "versions": versions(*STUDY_PACKAGES),
        "seed": study.seed,
        "scenario": {"name": scenario.name, "digest": scenario.digest()},
        "changes": [applied.change.text() for applied in scenario.changes],
        "vary": [{"path": path, "unit": scenario.parameter(path).unit} for path in study.paths],
        "axes": {axis.path: plain(axis.values) for axis in study.axes},
        "sample": None if sample is None else {"kind": sample.kind, "points": sample.points, "paths": sample.paths},
        "replaces_calls": list(study.replaces_calls),
        "outcomes": list(study.outcomes),
        "regimes": list(study.keys),
        "players": list(scenario.players),
        "unit": unit,
        "points": study.size,
        "chunk": study.chunk,
        "columns": described,
    }


def study_digest(study: Study) -> str:
    """Return the digest of what a study asks: scenario, what varies, outcomes, regimes, seed, the cut into chunks."""
    return digest([MANIFEST_FORMAT, study.digest(), study.chunk])


def canonical_json(data: Any) -> bytes:
    """Return data as the bytes of a canonical JSON file."""
    return (json.dumps(plain(data), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, None when there is none; `OutputError` when it cannot be read."""
    file = path / MANIFEST
    if not file.is_file():
        return None
    data, fault = _contents(file)
    if fault:
        raise OutputError(f"{fault}, so the folder is left as it is.")
    return data


def _contents(file: Path) -> tuple[dict[str, Any], str]:
    """Return what a manifest holds, and a sentence that says what keeps it from being one, "" when nothing does."""
    try:
        data = read_json(file, "the manifest of a study")
    except InputError as error:
        return {}, str(error)
    if not isinstance(data, dict):
        return {}, f"{file} is not the manifest of a study (no object)"
    wrong = [name for name, kind in NEEDED.items() if type(data.get(name)) is not kind]
    wrong += [name for name in ("points", "chunk") if name not in wrong and not 1 <= data[name] < 2**62]
    fault = f"{wrong[0]} is {json.dumps(data.get(wrong[0]))[:40]}" if wrong else ""
    return data, fault and f"{file} is not the manifest of a study ({fault})"


def claim_folder(path: Path, manifest: dict[str, Any], fresh: bool) -> bool:
    """Raise the one sentence that says why a folder cannot be this study's; return whether its manifest is whole.

    A manifest that is damaged, but says whose it is, can be written again.
    """
    blocking = next((part for part in (path, *path.parents) if part.exists() and not part.is_dir()), None)
    if blocking is not None:
        raise OutputError(f"Nothing was computed: the study folder {path} needs {blocking}, which is a file.")
    there, fault = _contents(path / MANIFEST) if (path / MANIFEST).is_file() else (None, "")
    if there is None:
        # in a folder without a manifest, a lock and unfinished files can only be what a kill left of a study
        files = [file for file in path.iterdir() if file.name != LOCK] if path.exists() else []
        strangers = [file.name for file in files if not is_leftover(file)]
        if strangers:
            some = ", ".join(sorted(strangers)[:3])
            raise OutputError(f"Nothing was computed: {path} holds other files ({some}); name an empty folder.")
        return True
    if fault and any(there.get(name) != manifest[name] for name in ("digest", "versions")):
        raise OutputError(f"{fault}, so the folder is left as it is.")
    if there["digest"] != manifest["digest"]:
        raise OutputError(
            f"Nothing was computed: {path} holds another study ('{there['study']}', {str(there['digest'])[:8]}; this "
            f"is '{manifest['study']}', {manifest['digest'][:8]}); name another folder, or delete that one first."
        )
    if there["versions"] != manifest["versions"] and not fresh:
        old, new = there["versions"], manifest["versions"]
        told = [f"{name} {old.get(name)}, now {new[name]}" for name in new if old.get(name) != new[name]]
        raise OutputError(
            f"Nothing was computed: {path} was begun by another version ({'; '.join(told)}); "
            "name another folder, or give --fresh to compute it anew."
        )
    return not fault


def is_leftover(file: Path) -> bool:
    """Whether a file is what a kill leaves of a file that was being written."""
    return file.name.startswith(".") and file.name.endswith(UNFINISHED_SUFFIX)
