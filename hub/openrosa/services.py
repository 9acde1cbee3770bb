"""What phones and the page about them ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.openrosa.reading import Submission
from hub.services import SignedIn
from sync.media.refusals import Refusal


@dataclass(frozen=True)
class Filed:
    """What became of a filled-in form that came. `new` is false for one that was here already; `refused` are
    questions whose files were not kept, and why; `busy` tells that some were not looked at."""

    report: str
    new: bool
    kept: int
    refused: Mapping[str, Refusal]
    busy: bool


@dataclass(frozen=True)
class FiledView:
    """How a report came, for its page: the token's number and purpose, and files that were not kept."""

    token: int
    purpose: str
    refused: int


class PhoneServices(Protocol):
    """Reports from phones."""

    def villages(self, *, who: SignedIn) -> list[tuple[str, str]]:
        """Return code and name of the villages that `who` may file for, by code."""
        ...

    def file(self, submission: Submission, files: Mapping[str, bytes], *, by: SignedIn) -> Filed:
        """Keep a filled-in form once, and those of its files that are new; raise SubmissionRefused."""
        ...

    def of(self, report_id: str) -> FiledView | None:
        """Return how a report was filed by a phone, or None for any other report."""
        ...
