"""What hub and reporter wrote to each other, in one row by time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.services import AdditionView, AnswerRow, AttachmentView, ReportView


@dataclass(frozen=True)
class Said:
    """One answer of the hub, or one addition of the reporter with its pictures and sounds.

    `at` is when it was written, Unix seconds, for an addition the best guess.
    """

    at: float
    answer: AnswerRow | None = None
    addition: AdditionView | None = None
    files: tuple[AttachmentView, ...] = ()
    answers_question: str = ""


def conversation(view: ReportView, attachments_of: Callable[[str], tuple[AttachmentView, ...]]) -> list[Said]:
    """Return all answers and additions of a report, oldest first.

    A reply never stands before its question, though the village's clock may say so.
    """
    questions = {answer.written_at: answer.text for answer in view.answers if answer.asks}
    said = [Said(answer.written_at, answer=answer) for answer in view.answers]
    for addition in view.additions:
        at = addition.taken_at or addition.received_at
        question = questions.get(addition.question) if addition.question is not None else None
        if question is not None and addition.question is not None:
            at = max(at, addition.question + 1)
        files = attachments_of(addition.id)
        said.append(Said(at, addition=addition, files=files, answers_question=question or ""))
    return sorted(said, key=lambda one: one.at)
