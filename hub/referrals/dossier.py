"""The dossier: what one referral passes on, put together once and kept as it is. Pure.

It is JSON in one canonical form, whose SHA-256 stands in the log of accesses. All files that an agency gets
are made of it and of nothing else, so what it does not hold nobody can find in them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.cases.states import StepRefused
from hub.languages import INDONESIAN, N_, speaking
from hub.referrals import htcds
from hub.referrals.fields import BY_KEY, FIELDS, in_words, raw_values
from hub.referrals.hiding import WORD_MAX_CHARACTERS, WORDS_AT_MOST, hide, hide_all
from hub.referrals.legal_bases import BASES, KINDS
from hub.services import ReportView
from hub.web.local_time import date_in_words

PURPOSE_MAX_CHARACTERS = 500
LATEST_DUE_DAYS = 366
CONSENT, LAW = "consent", "law"
HOW = {
    "report": N_("pada formulir laporan"),
    "answer": N_("lewat jawaban dengan kode tanda terima"),
    "spoken": N_("lisan, langsung atau lewat telepon"),
    "written": N_("tertulis"),
}
BY_WHOM = {
    "reporter": N_("pelapor"),
    "concerned": N_("orang yang bersangkutan"),
    "guardian": N_("orang tua atau wali"),
}


@dataclass(frozen=True)
class Basis:
    """Why it may be passed on: consent (`how` and `by_whom` of the lists here, `on` its day), or a law."""

    kind: str
    how: str = ""
    by_whom: str = ""
    on: datetime.date | None = None
    law: str = ""
    note: str = ""


@dataclass(frozen=True)
class Choices:
    """What an officer chose. `fields` are keys of `FIELDS`, `hidden` the words that are taken out."""

    partner: int
    fields: tuple[str, ...]
    hidden: tuple[str, ...]
    basis: Basis
    purpose: str
    reason: str
    due: datetime.date | None

    def to_text(self) -> str:
        """Return them as one line of JSON to keep."""
        return json.dumps(self.__dict__ | {"basis": self.basis.__dict__}, default=str, ensure_ascii=False)


def choices_from_text(text: str) -> Choices:
    """Return what `to_text` wrote."""
    kept = json.loads(text)
    day = datetime.date.fromisoformat
    basis = Basis(**kept.pop("basis"))
    basis = replace(basis, on=day(str(basis.on)) if basis.on else None)
    due = kept.pop("due")
    fields, hidden = tuple(kept.pop("fields")), tuple(kept.pop("hidden"))
    return Choices(**kept, fields=fields, hidden=hidden, basis=basis, due=day(due) if due else None)


@dataclass(frozen=True)
class PartnerView:
    """An agency as the pages show it."""

    id: int
    name: str
    kind: str
    contact: str
    area: str
    active: bool
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """One report, and the day on which it arrived."""

    view: ReportView
    received_on: str


@dataclass(frozen=True)
class CaseSource:
    """What a case holds beside reports. `status` is one of `htcds.CASE_STATUSES`."""

    number: str
    status: str
    title: str
    people: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """Whose dossier it is and which version: `replaces` is the name of the one before, or None."""

    number: str
    version: int
    replaces: str | None
    hub: str
    made_by: str
    made_on: datetime.date


def check_choices(choices: Choices, partner: PartnerView, today: datetime.date) -> Choices:
    """Return the choices with blanks folded; raise StepRefused that says what is allowed."""
    if not partner.active:
        raise StepRefused(N_("Pilih lembaga dari daftar."))
    fields = tuple(field.key for field in FIELDS if field.key in choices.fields)
    if not fields:
        raise StepRefused(N_("Pilih paling sedikit satu bidang yang diteruskan."))
    hidden = tuple(dict.fromkeys(" ".join(word.split()) for word in choices.hidden if word.strip()))
    if len(hidden) > WORDS_AT_MOST or any(len(word) > WORD_MAX_CHARACTERS for word in hidden):
        raise StepRefused(
            N_(
                "Paling banyak %(words_at_most)s kata disamarkan, masing-masing "
                "%(word_max_characters)s huruf.",
                words_at_most=WORDS_AT_MOST,
                word_max_characters=WORD_MAX_CHARACTERS,
            )
        )
    purpose = " ".join(choices.purpose.split())
    if not purpose or len(purpose) > PURPOSE_MAX_CHARACTERS:
        raise StepRefused(N_("Tujuan berisi 1 sampai %(most)s huruf.", most=PURPOSE_MAX_CHARACTERS))
    if choices.reason not in htcds.REFERRAL_REASONS:
        raise StepRefused(N_("Pilih alasan rujukan dari daftar."))
    if choices.due is None or not today <= choices.due <= today + datetime.timedelta(LATEST_DUE_DAYS):
        raise StepRefused(N_("Tulis tanggal jatuh tempo: mulai hari ini, paling lama setahun lagi."))
    return replace(
        choices, fields=fields, hidden=hidden, purpose=purpose, basis=_checked_basis(choices.basis, today)
    )


def _checked_basis(basis: Basis, today: datetime.date) -> Basis:
    note = " ".join(basis.note.split())
    if len(note) > PURPOSE_MAX_CHARACTERS:
        raise StepRefused(N_("Catatan paling banyak %(most)s huruf.", most=PURPOSE_MAX_CHARACTERS))
    if basis.kind == CONSENT:
        if basis.how not in HOW or basis.by_whom not in BY_WHOM:
            raise StepRefused(N_("Tulis bagaimana dan oleh siapa persetujuan diberikan."))
        if basis.on is None or basis.on > today:
            raise StepRefused(N_("Tulis tanggal persetujuan, paling lambat hari ini."))
        return Basis(CONSENT, basis.how, basis.by_whom, basis.on, note=note)
    if basis.kind == LAW and basis.law in BASES:
        if not note:
            raise StepRefused(N_("Tulis mengapa diteruskan tanpa persetujuan."))
        return Basis(LAW, law=basis.law, note=note)
    raise StepRefused(N_("Pilih: ada persetujuan, atau dasar hukum tanpa persetujuan."))


def build(
    choices: Choices,
    partner: PartnerView,
    heading: Heading,
    sources: Sequence[Source],
    case: CaseSource | None,
) -> dict[str, Any]:
    """Return the dossier of checked choices: of each source the fields that were chosen and said."""
    # An agency reads Indonesian, whatever the officer's pages speak; what is kept is plain text.
    with speaking(INDONESIAN.tag):
        made: dict[str, Any] = json.loads(json.dumps(_built(choices, partner, heading, sources, case)))
    return made


def _built(
    choices: Choices,
    partner: PartnerView,
    heading: Heading,
    sources: Sequence[Source],
    case: CaseSource | None,
) -> dict[str, Any]:
    hidden = choices.hidden
    reports = []
    for place, source in enumerate(sources, 1):
        raw = {
            key: value
            for key, value in raw_values(source.view, source.received_on).items()
            if key in choices.fields
        }
        lines = [
            [key, BY_KEY[key].group, BY_KEY[key].label, hide(in_words(key, raw[key]), hidden)]
            for key in choices.fields
            if key in raw
        ]
        row = _hidden_row(htcds.row_of(raw), hidden)
        row |= _case_row(choices, partner, heading, case, f"{heading.number}/{place}")
        reports.append({"name": f"{heading.number}/{place}", "lines": lines, "htcds": _ordered(row)})
    return {
        "dossier": 1,
        "number": heading.number,
        "version": heading.version,
        "replaces": heading.replaces,
        "hub": heading.hub,
        "made_by": heading.made_by,
        "made_on": heading.made_on.isoformat(),
        "partner": {"name": partner.name, "kind": partner.kind},
        "purpose": hide(choices.purpose, hidden),
        "reason": choices.reason,
        "due": str(choices.due),
        "basis": hide(basis_in_words(choices.basis), hidden),
        "hides": bool(hidden),
        "case": None if case is None else _case_lines(case, choices),
        "reports": reports,
    }


def basis_in_words(basis: Basis) -> str:
    """Return consent or law in words, with the mark of what was not verified."""
    note = N_(" Catatan: %(note)s", note=basis.note) if basis.note else ""
    if basis.kind == CONSENT and basis.on is not None:
        day = date_in_words(basis.on)
        return N_(
            "Persetujuan %(by_whom)s, %(how)s, pada %(day)s.%(note)s",
            by_whom=BY_WHOM[basis.by_whom],
            how=HOW[basis.how],
            day=day,
            note=note,
        )
    return N_("Tanpa persetujuan. Dasar: %(bases)s.%(note)s", bases=BASES[basis.law].in_words, note=note)


def _case_lines(case: CaseSource, choices: Choices) -> dict[str, Any]:
    said = {
        "case.title": case.title,
        "case.people": "\n".join(case.people),
        "case.places": "\n".join(case.places),
    }
    lines = [
        [key, BY_KEY[key].group, BY_KEY[key].label, text]
        for key, text in said.items()
        if key in choices.fields and text
    ]
    return {"number": case.number, "lines": hide_all(lines, choices.hidden)}


def _case_row(
    choices: Choices, partner: PartnerView, heading: Heading, case: CaseSource | None, name: str
) -> htcds.Row:
    row: htcds.Row = {
        "org_Name": partner.name,
        "cas_CaseOwner": heading.made_by,
        "cas_ReferringOrganisation": heading.hub,
        "cas_ReferringPrimaryCaseWorker": heading.made_by,
        "cas_ReasonForOutgoingReferral": choices.reason,
        "cas_ReferredOrganisation": partner.name,
        "cas_OutgoingReferralDate": heading.made_on.isoformat(),
        "cas_OutgoingReferralDetails": hide(choices.purpose, choices.hidden),
        "kentongan_CaseId": name,
    }
    if partner.kind in htcds.TYPE_OF_KIND:
        row["org_Type"] = htcds.TYPE_OF_KIND[partner.kind]
    if case is not None:
        row["cas_Status"] = case.status
    if choices.basis.kind == CONSENT:
        row["con_Consent"] = "true"
    return row


def _hidden_row(row: htcds.Row, hidden: tuple[str, ...]) -> htcds.Row:
    """Hide words in texts; codes of a list stay, and a number that would not be one any more is left out."""
    kept: htcds.Row = {}
    for name, value in row.items():
        shown = value if name in htcds.CODE_LISTS else hide_all(value, hidden)
        if shown != value and name in htcds.E164_FIELDS:
            continue
        kept[name] = shown
    return kept


def _ordered(row: htcds.Row) -> htcds.Row:
    return {name: row[name] for name in htcds.FIELDS if name in row}


def canonical(content: dict[str, Any]) -> str:
    """Return a dossier as the text that is kept and hashed."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(text: str) -> str:
    """Return the SHA-256 of a canonical dossier, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def kind_in_words(kind: str) -> str:
    """Return a kind of agency in words."""
    return KINDS.get(kind, kind)
