"""A study's folder: finished chunks stay, damaged ones are found out, another study's folder is never touched.

It holds `study.json`, the manifest, written first; `scenario.toml`; a file `parts/00012-<fingerprint>.npz` for each
finished chunk, whose name says what its content must hash to; the table; and `done.json`, written last.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negotiation._files import lock_folder, replace_file, safe_name
from negotiation._values import plain
from negotiation.errors import MachineError, OutputError
from negotiation.studies.manifest import (
    MANIFEST,
    canonical_json,
    claim_folder,
    is_leftover,
    manifest_of,
    read_manifest,
    study_digest,
)
from negotiation.studies.part import DONE as COMPUTED
from negotiation.studies.part import ChunkResults, decode, fingerprint
from negotiation.studies.study import Study
from negotiation.trade.files.write import scenario_toml

if TYPE_CHECKING:
    from filelock import FileLock

DONE_FILE, SCENARIO, PARTS = "done.json", "scenario.toml", "parts"
RESULTS_FOLDER = Path("results")
_PART = re.compile(r"([0-9]{5,9})-([0-9a-f]{16})\.npz")


def default_folder(study: Study) -> Path:
    """Return where a study is kept unless a folder is named: its own for each digest."""
    return RESULTS_FOLDER / f"study-{safe_name(study.name)}-{study_digest(study)[:8]}"


@dataclass
class Store:
    """An open study folder: its path, manifest, the names of the parts that are whole, and those found damaged.

    strangers: what else lies among the parts, which is left as it is. rewritten: whether the manifest was damaged.
    """

    path: Path
    manifest: dict[str, Any]
    parts: dict[int, str] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    lock: FileLock | None = None
    rewritten: bool = False

    @classmethod
    def open(cls, path: Path, study: Study, fresh: bool = False) -> Store:
        """Make or take up the folder of a study; `OutputError` when it holds anything else.

        fresh: forget what was computed, of this very study only.
        """
        manifest = json.loads(json.dumps(plain(manifest_of(study))))
        whole = claim_folder(path, manifest, fresh)
        try:
            path.mkdir(parents=True, exist_ok=True)
            # the manifest comes first: from then on the folder is this study's, whatever happens
            _write_if_new(path / MANIFEST, canonical_json(manifest))
            (path / PARTS).mkdir(exist_ok=True)
            lock = lock_folder(path)
            if fresh:
                for file in [*(path / PARTS).iterdir(), *map(path.joinpath, (DONE_FILE, "table.csv", "table.parquet"))]:
                    _clear(file)
            _write_if_new(path / SCENARIO, scenario_toml(study.scenario).encode())
            store = cls(path, manifest, lock=lock, rewritten=not whole)
            store.scan()
        except BlockingIOError:
            raise OutputError(f"Nothing was computed: another process is at work in {path}.") from None
        except OSError as error:
            raise MachineError(f"The study folder {path} cannot be used: {error.strerror or error}.") from error
        return store

    def release(self) -> None:
        """Let other processes work in the folder."""
        if self.lock is not None:
            self.lock.release()
            self.lock = None

    @classmethod
    def open_to_read(cls, path: Path) -> Store:
        """Open the folder of any study for reading; `OutputError` when it is none."""
        manifest = read_manifest(path)
        if manifest is None:
            raise OutputError(f"{path} is not the folder of a study: it holds no {MANIFEST}.")
        store = cls(path, manifest)
        store.scan(clean=False)
        return store

    def scan(self, clean: bool = True) -> None:
        """Find out which parts are whole; with `clean`, remove damaged ones and what a kill left behind."""
        self.parts, self.damaged, self.strangers = {}, [], []
        place = self.path / PARTS
        inside = sorted(place.iterdir()) if place.is_dir() else []
        for file in [*self.path.iterdir(), *inside] if clean else ():
            if is_leftover(file):
                _clear(file)
        for file in inside:
            name = _PART.fullmatch(file.name)
            if name is None:
                self.strangers += [] if is_leftover(file) else [file.name]
            elif int(name[1]) not in self.parts and self._is_whole(int(name[1]), file):
                self.parts[int(name[1])] = file.name
            else:
                self.damaged.append(int(name[1]))
                if clean:
                    _clear(file)

    def _is_whole(self, number: int, file: Path) -> bool:
        try:
            part = _read_chunk(file)
        except (OSError, ValueError):
            return False
        shape = (len(self.manifest["outcomes"]), len(self.manifest["regimes"]))
        return len(part.points) == self._size(number) and part.values.shape[1:3] == shape

    def _size(self, number: int) -> int:
        """Return the number of points in a chunk; at most 0 for one beyond the last."""
        chunk = int(self.manifest["chunk"])
        return min(chunk, int(self.manifest["points"]) - number * chunk)

    @property
    def chunks(self) -> int:
        """Number of chunks of the study."""
        return -(-int(self.manifest["points"]) // int(self.manifest["chunk"]))

    @property
    def points_done(self) -> int:
        """Number of points in finished chunks."""
        return sum(map(self._size, self.parts))

    @property
    def missing(self) -> list[int]:
        """Numbers of the chunks still to be computed."""
        return [number for number in range(self.chunks) if number not in self.parts]

    def write(self, number: int, content: bytes) -> None:
        """Keep a finished chunk; `OutputError` when the disk refuses."""
        name = f"{number:05d}-{fingerprint(content)}.npz"
        try:
            replace_file(self.path / PARTS / name, content)
        except OSError as error:
            raise MachineError(
                f"The study stopped: {self.path / PARTS} could not be written ({error.strerror or error}). "
                f"{len(self.parts)} of {self.chunks} chunks are kept; run again to compute only the rest."
            ) from error
        self.parts[number] = name

    def part(self, number: int) -> ChunkResults:
        """Return a finished chunk; `OutputError` when its file was damaged meanwhile."""
        file = self.path / PARTS / self.parts[number]
        try:
            return _read_chunk(file)
        except (OSError, ValueError) as error:
            raise OutputError(f"{file} cannot be read: {error}; run the study again to mend it.") from None

    def read(self) -> Iterator[ChunkResults]:
        """Yield the finished chunks in order, one in memory at a time."""
        for number in sorted(self.parts):
            yield self.part(number)

    def not_computed(self) -> int:
        """Return how many points were refused or failed for some outcome, from the finished chunks."""
        return sum(int((part.state != COMPUTED).any(axis=1).sum()) for part in self.read())

    def finish(self, failed: int) -> None:
        """Write down that every chunk is there."""
        names = [self.parts[number] for number in sorted(self.parts)]
        total = hashlib.sha256("\n".join(names).encode()).hexdigest()
        data = {"points": self.manifest["points"], "not_computed": failed, "parts": len(names), "digest": total}
        try:
            replace_file(self.path / DONE_FILE, canonical_json(data))
        except OSError as error:
            raise MachineError.unwritable(self.path / DONE_FILE, error) from None


def _write_if_new(file: Path, content: bytes) -> None:
    if not file.is_file() or file.read_bytes() != content:
        replace_file(file, content)


def _clear(file: Path) -> None:
    """Remove a file; a folder in its place is moved aside, as what it holds may be somebody's."""
    if file.is_dir() and not file.is_symlink():
        file.rename(file.with_name(f"not-a-part-{file.name.lstrip('.')}"))
    else:
        file.unlink(missing_ok=True)


def _read_chunk(file: Path) -> ChunkResults:
    """Return the part in a file; raises `ValueError` when it is none, or not what its name says."""
    if not file.is_file():  # a named pipe would never end
        raise ValueError("it is no file")
    content = file.read_bytes()
    if fingerprint(content) != file.stem.partition("-")[2]:
        raise ValueError("its content is not what its name says")
    return decode(content)
