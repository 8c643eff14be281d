"""What evidence, studies and checked proofs say of themselves."""

from collections.abc import Iterator

from negotiation.api.records import StudyAnswer
from negotiation.api.rendering import Row, View
from negotiation.api.verification import Verification
from negotiation.errors import count_text
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.months import month_text
from negotiation.report.words import percent
from negotiation.studies.phase import NOTHING, OUTSIDE, PhaseDiagram
from negotiation.studies.results import StudyResults

CHECK_COLUMNS = ("certificate", "agrees", "claim", "checked", "proven", "failure")


def _months(assessment: Assessment) -> Iterator[Row]:
    for place, month in reversed(list(enumerate(assessment.history.months))):
        row: Row = {"month": month_text(month), "figure": month <= assessment.last}
        for cause in assessment.causes:
            row[f"common_{cause.prior}"] = float(cause.mean[0, place])
            row[f"targeted_{cause.prior}"] = float(cause.mean[3, place])
        yield row


def _points(results: StudyResults) -> Iterator[Row]:
    for n, point in enumerate(results.points):
        row: Row = dict(zip(results.paths, point.tolist(), strict=True))
        for place, name in enumerate(results.outcomes):
            done = bool(results.done[n, place])
            row[f"{name}_holds"] = bool(results.holds[n, place]) if done else None
            row[f"{name}_joint"] = float(results.joint[n, place]) if done else None
        yield row


def _study(answer: StudyAnswer) -> str:
    shares = [f"{percent(conclusion.share)}: {conclusion.sentence}" for conclusion in answer.conclusions]
    return "\n".join([f"{answer.study.name}, {count_text(answer.study.size, 'point')}, in {answer.folder}", *shares])


def _results(results: StudyResults) -> str:
    computed = int(results.complete.sum())
    size = f"{count_text(len(results.points), 'point')} of {count_text(len(results.paths), 'parameter')}"
    return f"{size}, {computed} computed for every outcome"


def _verdict(verification: Verification) -> str:
    verdict = "Every claim holds" if verification.holds else "NOT every claim holds"
    return (
        f"{verdict}: {verification.path}, {count_text(len(verification.certificates), 'certificate')} checked exactly."
    )


def _phase(diagram: PhaseDiagram) -> str:
    kinds = {NOTHING: "after none", OUTSIDE: "outside the model", **dict(enumerate(diagram.outcomes))}
    shares = [f"{name} {percent(diagram.share(label))}" for label, name in kinds.items() if diagram.share(label) > 0]
    plane = " and ".join(diagram.paths)
    return f"First outcome after which the deal holds, over {plane}: {', '.join(shares)} of the area."


def _cells(diagram: PhaseDiagram) -> Iterator[Row]:
    for cell, label in zip(diagram.cells.tolist(), diagram.labels.tolist(), strict=True):
        outcome = diagram.outcomes[label] if label >= 0 else None
        yield {**dict(zip(("left", "bottom", "width", "height"), cell, strict=True)), "holds_first_after": outcome,
               "in_the_model": label != OUTSIDE}  # fmt: skip


VIEWS = {
    "PhaseDiagram": View(_phase, _cells),
    "Assessment": View(lambda answer: answer.sentence(), _months),
    "StudyAnswer": View(_study, lambda answer: _points(answer.results)),
    "StudyResults": View(_results, _points),
    "Verification": View(_verdict, lambda answer: map(dict, answer.certificates), CHECK_COLUMNS),
}
