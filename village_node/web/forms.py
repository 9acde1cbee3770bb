"""From what was typed in the form to the data of a report, and back to the form with its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from content.typed_values import area_code, iso_date, rupiah, whole_number
from sync.errors import FieldProblem
from sync.records import TEXT_LIMITS
from village_node.web.languages import N_, translate
from village_node.web.questions import OTHER_LANGUAGES, QUESTIONS, Answer, Question
from village_node.web.steps import Step, Typed

_YES_NO = {"yes": True, "no": False}
_HOW_TO_WRITE = {
    Answer.DATE: N_("Tulis tanggal yang ada di kalender, contoh: 20-11-2026."),
    Answer.COUNT: N_("Tulis angka saja, dari 0 sampai 500."),
    Answer.RUPIAH: N_("Tulis jumlah rupiah, contoh: 5.000.000 atau 5 juta. Paling banyak 1 miliar."),
    Answer.AREA: N_("Pilih tempat dari daftar. Kalau tidak tahu, kosongkan."),
    Answer.YES_NO: N_("Pilih Ya, Tidak, atau Tidak tahu."),
}
_HOW_TO_ANSWER = {
    "kind": N_("Pilih satu: tentang apa laporan ini."),
    "urgency": N_("Pilih satu dari daftar."),
    "indicators": N_("Pilih dari daftar saja."),
    "offer.job": N_("Pilih satu dari daftar."),
    "reporter.relation": N_("Pilih satu dari daftar."),
    "offer.destination": N_(
        "Pilih dari daftar, atau tulis dua huruf kode negara, contoh: ZA. "
        "Kalau tidak tahu kodenya, kosongkan, lalu tulis negaranya di cerita."
    ),
}
_SHOWN_AGAIN = ("kind", "urgency", "indicators", "offer")
"""What the list page repeats."""
_STORY_MISSING = N_("Tulis sedikit cerita. Satu kalimat sudah cukup.")


def answers_of(sent: Typed) -> Typed:
    """Return the answers alone. Where one was sent twice the later counts.

    A page with large buttons sends the earlier answer (hidden) and, when a button was pressed, the new one.
    """
    answers: Typed = MultiDict()
    for question in QUESTIONS.values():
        for name in (question.field, question.other_field):
            texts = sent.getlist(name)
            if texts:
                answers.setlist(name, texts if question.answer is Answer.CHECKBOXES else texts[-1:])
    return answers


def report_data(typed: Typed, channel: str = "web") -> dict[str, object]:
    """Return the data of a report, for `check_report`. An input left empty is a field that is absent.

    What cannot be understood is passed on as it was typed: the check refuses it and names the field.
    """
    data: dict[str, object] = {"channel": channel}
    parts: dict[str, dict[str, object]] = {}
    for question in QUESTIONS.values():
        value = _read(question, typed)
        if value is None:
            continue
        part, _, name = question.field.rpartition(".")
        (parts.setdefault(part, {}) if part else data)[name] = value
    data.update(parts)
    return data


def _read(question: Question, typed: Typed) -> object | None:
    if question.answer is Answer.CHECKBOXES:
        # A dict keeps the order and drops what was sent twice.
        return list(dict.fromkeys(code for code in typed.getlist(question.field) if code)) or None
    text = _first(typed, question.field)
    if question.other and (other := _first(typed, question.other_field)).strip():
        text = other
    if not text.strip():
        return None
    match question.answer:
        case Answer.STORY:
            # A browser sends each line break of a text area as CRLF, whatever was typed.
            return text.replace("\r\n", "\n")
        case Answer.DATE:
            return iso_date(text)
        case Answer.COUNT:
            return whole_number(text)
        case Answer.RUPIAH:
            return rupiah(text)
        case Answer.AREA:
            return area_code(text)
        case Answer.YES_NO:
            return _YES_NO.get(text, text)
        case _:
            return _known_name(question, text)


def _first(typed: Typed, name: str) -> str:
    # `get` makes and throws away an exception for each of the fifty inputs that were left empty.
    texts = typed.getlist(name)
    return texts[0] if texts else ""


def _known_name(question: Question, text: str) -> str:
    """Return the code of a choice when its code or name was typed beside the choices."""
    if question.other:
        wanted = text.strip().casefold()
        for choice in question.choices:
            if wanted in (choice.value.casefold(), choice.label.casefold()):
                return choice.value
        if question.field == "offer.destination" and len(wanted) == 2:
            return wanted.upper()
        if question.field == "language":
            return _language(text.strip())
    return text


def _language(text: str) -> str:
    """Return the tag of a language by its name, with or without "bahasa"; another name as it was typed."""
    name = text.casefold().removeprefix("bahasa ").strip()
    listed = {c.label.casefold(): c.value for c in QUESTIONS["language"].choices}
    return (OTHER_LANGUAGES | listed).get(name, text)


def dotted(number: int) -> str:
    """Write 4000 as Indonesians do: 4.000."""
    return f"{number:,}".replace(",", ".")


@dataclass(frozen=True)
class FormError:
    """One line of the error summary: which question, and what is allowed."""

    anchor: str
    label: str
    text: str


def errors_by_field(problems: tuple[FieldProblem, ...], typed: Typed) -> dict[str, str]:
    """Return one Indonesian sentence for each question that the problems concern."""
    errors: dict[str, str] = {}
    for problem in problems:
        # "indicators[2]" or "indicators.2" belongs to the question "indicators".
        path = problem.field.partition("[")[0]
        while path and path not in QUESTIONS:
            path = path.rpartition(".")[0]
        errors.setdefault(path, _sentence(path, problem, typed))
    return errors


def _sentence(path: str, problem: FieldProblem, typed: Typed) -> str:
    question = QUESTIONS.get(path)
    if question is None:
        return problem.allowed_id
    if question.answer is Answer.STORY and not typed.get(path, "").strip():
        return translate(_STORY_MISSING)
    limit = TEXT_LIMITS.get(path)
    length = len(str(_read(question, typed) or ""))
    if limit is not None and length > limit:
        return translate(
            "Terlalu panjang: %(length)s huruf. Paling banyak %(most)s huruf.",
            length=dotted(length),
            most=dotted(limit),
        )
    how = _HOW_TO_ANSWER.get(path) or _HOW_TO_WRITE.get(question.answer)
    return translate(how) if how else problem.allowed_id


@dataclass(frozen=True)
class FilledForm:
    """A form as it is drawn: what was typed, exactly, and the errors beside it."""

    token: str
    typed: Typed = field(default_factory=MultiDict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in the input `name`."""
        return self.typed.get(name, "")

    def is_chosen(self, name: str, value: str) -> bool:
        """Whether `value` is picked. "Not said" (empty) is picked only when it was sent."""
        return value in self.typed.getlist(name)

    def is_listed(self, question: Question) -> bool:
        """Whether the choice that was sent is one of those offered (or none was)."""
        text = self.text(question.field)
        return not text or any(text == choice.value for choice in question.choices)

    def is_iso_date(self, name: str) -> bool:
        """Whether a date picker would keep what stands in the input `name`."""
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.text(name)) is not None

    def kept(self, sent_by: Step | None, shown: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return the answers that travel hidden: all but those that visible inputs send."""
        visible = set(shown)
        return [
            (name, text)
            for question in QUESTIONS.values()
            if question.field not in visible
            for name in (question.field, question.other_field)
            for text in self.typed.getlist(name)
            if text and not (sent_by is not None and sent_by.sends(name, text))
        ]

    def told(self) -> list[tuple[str, list[str]]]:
        """Return what was picked from choices so far: questions and answers, for the list page.

        What was typed is left out, and so is the answer about officials: others may look over a shoulder.
        """
        lines = []
        for question in QUESTIONS.values():
            listed = (*question.choices, *(choice for group in question.groups for choice in group.choices))
            picked = [c.label for c in listed if c.value and self.is_chosen(question.field, c.value)]
            if picked and question.field.partition(".")[0] in _SHOWN_AGAIN:
                lines.append((question.label, picked))
        return lines

    def summary(self) -> list[FormError]:
        """The errors in the order of the questions."""
        lines = [
            FormError(question.anchor, question.label, self.errors[name])
            for name, question in QUESTIONS.items()
            if name in self.errors
        ]
        rest = [FormError("", "", text) for name, text in self.errors.items() if name not in QUESTIONS]
        return lines + rest
