"""What evidence, studies and checked proofs say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.api.records import StudyAnswer
from negotiation.api.rendering import Row, View
from negotiation.api.verification import Verification
from negotiation.errors import count_text
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.months import month_text
from negotiation.report.words import percent
from negotiation.studies.phase import NOTHING, REFUSED, PhaseDiagram
from negotiation.studies.results import StudyResults

CHECKED = ("certificate", "agrees", "claim", "checked", "proven", "failure")


def _months(found: Assessment) -> Iterator[Row]:
    for place, month in reversed(list(enumerate(found.history.months))):
        row: Row = {"month": month_text(month), "figure": month <= found.last}
        for own in found.causes:
            row[f"common_{own.prior}"] = float(own.mean[0, place])
            row[f"targeted_{own.prior}"] = float(own.mean[3, place])
        yield row


def _points(found: StudyResults) -> Iterator[Row]:
    for n, point in enumerate(found.points):
        row: Row = dict(zip(found.paths, point.tolist(), strict=True))
        for place, name in enumerate(found.outcomes):
            done = bool(found.done[n, place])
            row[f"{name}_holds"] = bool(found.holds[n, place]) if done else None
            row[f"{name}_joint"] = float(found.joint[n, place]) if done else None
        yield row


def _study(found: StudyAnswer) -> str:
    firm = [f"{percent(item.share)}: {item.sentence}" for item in found.conclusions]
    return "\n".join([f"{found.study.name}, {count_text(found.study.size, 'point')}, in {found.folder}", *firm])


def _results(found: StudyResults) -> str:
    computed = int(found.complete.sum())
    size = f"{count_text(len(found.points), 'point')} of {count_text(len(found.paths), 'parameter')}"
    return f"{size}, {computed} computed for every outcome"


def _checked(found: Verification) -> str:
    verdict = "Every claim holds" if found.holds else "NOT every claim holds"
    return f"{verdict}: {found.path}, {count_text(len(found.certificates), 'certificate')} checked exactly."


def _phase(found: PhaseDiagram) -> str:
    kinds = {NOTHING: "after none", REFUSED: "outside the model", **dict(enumerate(found.outcomes))}
    shares = [f"{name} {percent(found.share(label))}" for label, name in kinds.items() if found.share(label) > 0]
    plane = " and ".join(found.paths)
    return f"First outcome after which the deal holds, over {plane}: {', '.join(shares)} of the area."


def _cells(found: PhaseDiagram) -> Iterator[Row]:
    for cell, label in zip(found.cells.tolist(), found.labels.tolist(), strict=True):
        held = found.outcomes[label] if label >= 0 else None
        yield {**dict(zip(("left", "bottom", "width", "height"), cell, strict=True)), "holds_first_after": held,
               "in_the_model": label != REFUSED}  # fmt: skip


VIEWS = {
    "PhaseDiagram": View(_phase, _cells),
    "Assessment": View(lambda found: found.sentence(), _months),
    "StudyAnswer": View(_study, lambda found: _points(found.results)),
    "StudyResults": View(_results, _points),
    "Verification": View(_checked, lambda found: map(dict, found.certificates), CHECKED),
}
