"""What a referral holds of reports, and how it leaves out people who were wrongly named. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from hub.referrals.dossier import CaseSource, Choices
from hub.referrals.name_hiding import words_of_names
from hub.services import ReportView
from sync.records import Recruiter

CORRECTED: Final = (
    "Koreksi: orang yang semula disebut dalam laporan ini ternyata salah disebut. "
    "Namanya tidak diteruskan lagi; hapus dari catatan Anda."
)


def corrected(
    choices: Choices,
    wrong: Mapping[str, tuple[str, ...]],
    views: Sequence[ReportView],
    case: CaseSource | None,
) -> Choices:
    """Return the choices with the names of those hidden who were wrongly named, and with that said."""
    if not wrong:
        return choices
    words = tuple(dict.fromkeys(word for said in wrong.values() for word in said))
    texts = texts_of(views)[0] + ([] if case is None else [case.title, *case.people, *case.places])
    spelled = words_of_names((word for word in words if word.isalpha()), texts)
    hidden = tuple(dict.fromkeys((*choices.hidden, *words, *spelled)))
    return replace(choices, hidden=hidden, purpose=f"{choices.purpose} {CORRECTED}")


def cleared(view: ReportView) -> ReportView:
    """Return a report without its recruiter, who was wrongly named; others work for the company."""
    who = view.report.recruiter or Recruiter()
    kept = Recruiter(company=who.company, licence_shown=who.licence_shown)
    return replace(view, report=replace(view.report, recruiter=None if kept == Recruiter() else kept))


def texts_of(views: Sequence[ReportView]) -> tuple[list[str], list[str], list[str]]:
    """Return texts in which something may have to be hidden, recruiters' names, recruiters' numbers."""
    texts: list[str] = []
    recruiters: list[str] = []
    phones: list[str] = []
    for view in views:
        report, recruiter = view.report, view.report.recruiter
        said = [report.narrative, report.place_text, *(one.text for one in view.additions)]
        if report.offer is not None:
            said.append(report.offer.route)
        if report.reporter is not None:
            said += [report.reporter.contact, report.reporter.contact_safely]
        if recruiter is not None:
            said += [recruiter.name, recruiter.alias, recruiter.phone]
            recruiters += [name for name in (recruiter.name, recruiter.alias) if name]
            phones += [recruiter.phone] if recruiter.phone else []
        texts += [text for text in said if text]
    return texts, recruiters, phones
