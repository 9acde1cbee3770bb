"""The errors of the protocol, drawn as a tree.

::

    SyncError
    +-- ReportRefused        the report breaks the schema; names each field and what is allowed
    +-- AttachmentRefused    an attachment too large, empty or of another kind; says what is allowed
    +-- MalformedWire        bytes that cannot be read; nothing was changed by them
    +-- SealBroken           bytes that do not open under the key they should
    +-- EnrolmentRefused     an enrolment that is missing, foreign, damaged or used by another
    +-- CarrierError         a carrier failed; `permanent` says whether trying again can help

No error ever carries text of a report, a name, a phone or a code.
"""

from __future__ import annotations

from dataclasses import dataclass


class SyncError(Exception):
    """Base of all errors of the protocol."""


@dataclass(frozen=True)
class FieldProblem:
    """One field that breaks the schema.

    `field` is a dotted path such as ``recruiter.phone``; the texts say what is allowed and never
    repeat the value.
    """

    field: str
    allowed_en: str
    allowed_id: str


class ReportRefused(SyncError):
    """A report that breaks the schema; `problems` has one entry for each field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.allowed_en}" for p in problems))


class AttachmentRefused(SyncError):
    """Attachments that are not taken. The text says what is allowed, never what was given."""


class MalformedWire(SyncError):
    """Bytes from outside that cannot be read. The text names the part, never its content."""


class SealBroken(SyncError):
    """Bytes that do not open: wrong key, damaged or forged."""


class EnrolmentRefused(SyncError):
    """An enrolment that cannot be used; the text says what to do."""


class CarrierError(SyncError):
    """A carrier failed. `permanent` is true when trying again cannot help without a person."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(message)
