"""The report as an XLSForm, made out of the report's contract: its sheets as rows. Pure.

Fields, limits, patterns and choices come from `sync.records`, their words from `hub.web.report_words`: a new
field of the contract stands in the form by itself. The path of a question is the path of its field, so that a
filled-in form reads back without a table in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from hub.languages import BY_TAG, LANGUAGES, N_, speaking, translate
from hub.web import report_words
from sync.media.cleaning import Kind
from sync.media.pictures import LONGEST_SIDE
from sync.records import FIELDS, INDICATORS, SECTIONS, rule_of

FORM_ID: Final = "kentongan_report"
TITLE: Final = N_("Laporan Kentongan")
VILLAGE: Final = "village"
VILLAGES_FILE: Final = "villages.csv"
FILES: Final[Mapping[str, Kind]] = MappingProxyType(
    {"photo": "picture", "photo2": "picture", "voice": "sound"}
)
"""Questions that are answered by a file, and what it is; as many as in the villages."""
OTHER: Final = "other"
"""The choice of a list that is no closed list of the contract; what is meant stands in `<name>_other`."""
CHANNELS_HERE: Final = ("facilitator", "paper", "hub")
"""Channels of which a phone in a facilitator's or an officer's hand may be one."""
ENDED: Final = "ended_at"
"""When the form was finished, by the phone's clock. Nothing else is noted that nobody typed: no device, no
number, no account of the phone."""

_FIRST: Final = ("channel", "kind", "urgency", "narrative", "official_involved")
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "kind": report_words.KIND_WORDS,
        "urgency": report_words.URGENCY_WORDS,
        "channel": report_words.CHANNEL_WORDS,
        "offer.job": report_words.JOB_WORDS,
        "reporter.relation": report_words.RELATION_WORDS,
    }
)
SUGGESTED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"offer.destination": report_words.COUNTRY_WORDS, "language": report_words.LANGUAGE_WORDS}
)
"""Lists for fields that take more than the list."""
_APPEARANCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "narrative": "multiline",
        "recruiter.phone": "numbers",
        "offer.wage_idr": "thousands-sep",
        "offer.fee_idr": "thousands-sep",
        "offer.destination": "minimal autocomplete",
        "language": "minimal",
    }
)
_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "narrative": N_("Ceritakan apa yang terjadi"),
        "indicators": N_("Apa saja yang terlihat atau terdengar?"),
        "position": N_("Lokasi, hanya kalau pelapor setuju"),
        "photo": N_("Foto"),
        "photo2": N_("Foto kedua"),
        "voice": N_("Rekaman suara"),
    }
)
"""Of what `report_words` shows apart, and of files."""
_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "narrative": N_(
            "Pakai kata-kata pelapor, bahasa daerah juga boleh. Siapa, di mana, kapan, mau ke mana."
        ),
        "urgency": N_("Kalau ada bahaya sekarang, telepon 110 juga."),
        "place": N_("Contoh: 52.02.08.2001"),
        "official_involved": N_("Laporan ini tidak terlihat di kotak desa."),
        "offer.destination_other": N_("Dua huruf besar, misalnya ZA"),
    }
)
_ANSWER_WAY: Final = N_(
    "Laporan dari ponsel tidak mendapat kode tanda terima: kode baru boleh ditunjukkan setelah laporan "
    "tersimpan, dan ponsel sering mengirim ketika pelapor sudah pergi. Kalau pelapor ingin jawaban, tulis "
    "kontak dan cara menghubungi yang aman, atau lapor di kotak desa."
)
_TRANSLATED: Final = ("label", "hint", "constraint_message", "required_message")
_REQUIRED: Final = (VILLAGE, "channel", "kind", "narrative")

Row = Mapping[str, str]
Sheet = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""The names of its columns, and its rows."""


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return the sheets of the XLSForm by name, `settings` with the version of the others."""
    survey, choices = list(_survey()), list(_choices())
    told = {"survey": _sheet(survey), "choices": _sheet(choices)}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    settings = {
        "form_title": str(TITLE),
        "form_id": FORM_ID,
        "version": hashlib.sha256(text.encode("utf-8")).hexdigest()[:12],
        "default_language": _language("id"),
    }
    return MappingProxyType({**told, "settings": _sheet([settings])})


def version() -> str:
    """Return the version of the form: another one as soon as a question, a choice or a word changes."""
    header, (row,) = sheets()["settings"]
    return row[header.index("version")]


def _language(tag: str) -> str:
    return f"{BY_TAG[tag].name} ({tag})"


def _sheet(rows: Sequence[Row]) -> Sheet:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return columns, tuple(tuple(row.get(name, "") for name in columns) for row in rows)


def _row(**cells: str) -> Row:
    """Return a row, with a column for each language in place of one of `_TRANSLATED`."""
    row: dict[str, str] = {}
    for name, told in cells.items():
        if not told:
            continue
        if name not in _TRANSLATED:
            row[name.removesuffix("_")] = str.__str__(told)
            continue
        for language in LANGUAGES:
            with speaking(language.tag):
                row[f"{name}::{_language(language.tag)}"] = translate(told)
    return row


# -- questions ------------------------------------------------------------------------------------


def _survey() -> Iterator[Row]:
    yield _row(type="end", name=ENDED)
    yield _row(type="note", name="answers", label=_ANSWER_WAY)
    yield _row(
        type=f"select_one_from_file {VILLAGES_FILE}",
        name=VILLAGE,
        label=N_("Desa"),
        hint=N_("Desa tempat laporan ini dibuat."),
        appearance="minimal autocomplete",
        **_required(VILLAGE),
    )
    for path in (*_FIRST, *(path for path in FIELDS if path not in _FIRST and "." not in path)):
        yield from _of_field(path)
    for name, kind in FILES.items():
        what = ("image", f"max-pixels={LONGEST_SIDE}") if kind == "picture" else ("audio", "quality=low")
        yield _row(type=what[0], name=name, label=_LABELS[name], parameters=what[1])


def _of_field(path: str) -> Iterator[Row]:
    """Yield the question of a field, or the questions of a section or of the signs."""
    if path == "indicators":
        yield _row(type="begin group", name=path, label=_LABELS[path])
        for group, title in report_words.GROUP_WORDS.items():
            yield _row(type=f"select_multiple {path}_{group}", name=group, label=title)
        yield _row(type="end group", name=path)
    elif path == "position":
        yield _row(type="geopoint", name=path, label=_LABELS[path])
    elif path in SECTIONS:
        members = [one for one in FIELDS if one.startswith(f"{path}.")]
        title = report_words.field_words(members[0])[0]
        yield _row(type="begin group", name=path, label=title, appearance="field-list")
        for member in members:
            yield from _question(member)
        yield _row(type="end group", name=path)
    else:
        yield from _question(path)


def _question(path: str) -> Iterator[Row]:
    rule, name = rule_of(path), path.rpartition(".")[2]
    label = _LABELS.get(path) or report_words.field_words(path)[1]
    more = {"hint": _HINTS.get(path, ""), "appearance": _APPEARANCES.get(path, ""), **_required(path)}
    if path in SUGGESTED:
        default = "id" if path == "language" else ""
        yield _row(type=f"select_one {_list_of(path)}", name=name, label=label, default=default, **more)
        if path != "language":
            yield _row(
                type="text",
                name=f"{name}_{OTHER}",
                label=N_("%(label)s: kode lain", label=label),
                hint=_HINTS[f"{path}_{OTHER}"],
                relevant=f"${{{name}}} = '{OTHER}'",
                required="yes",
                required_message=N_("Wajib diisi."),
                **_limits(rule),
            )
        return
    yield _row(type=_type_of(path, rule), name=name, label=label, **more, **_limits(rule))


def _type_of(path: str, rule: Mapping[str, Any]) -> str:
    if "enum" in rule:
        return f"select_one {_list_of(path)}"
    if rule["type"] == "boolean":
        return "select_one yes_no"
    if rule.get("format") == "date":
        return "date"
    return {"string": "text", "integer": "integer"}[rule["type"]]


def _required(name: str) -> dict[str, str]:
    if name not in _REQUIRED:
        return {}
    return {"required": "yes", "required_message": N_("Wajib diisi.")}


def _limits(rule: Mapping[str, Any]) -> dict[str, str]:
    """Return the constraint of the contract, as an XPath expression, and what it allows in words."""
    if "enum" in rule or rule.get("format") == "date":
        return {}
    if "pattern" in rule:
        said = N_("Bukan kode yang benar. Lihat contohnya.")
        return {"constraint": f"regex(., '{rule['pattern']}')", "constraint_message": said}
    if "maxLength" in rule:
        most = rule["maxLength"]
        said = N_("Paling banyak %(most)s huruf.", most=most)
        return {"constraint": f"string-length(.) <= {most}", "constraint_message": said}
    if "minimum" in rule:
        low, high = rule["minimum"], rule["maximum"]
        said = N_("Bilangan dari %(low)s sampai %(high)s.", low=low, high=high)
        return {"constraint": f". >= {low} and . <= {high}", "constraint_message": said}
    return {}


# -- choices --------------------------------------------------------------------------------------


def _list_of(path: str) -> str:
    return path.replace(".", "_")


def _choices() -> Iterator[Row]:
    for path, words in _CHOICES.items():
        for code in rule_of(path)["enum"]:
            if path != "channel" or code in CHANNELS_HERE:
                yield _row(list_name=_list_of(path), name=code, label=words.get(code, code))
    for path, words in SUGGESTED.items():
        for code, said in words.items():
            yield _row(list_name=_list_of(path), name=code, label=said)
        if path != "language":
            yield _row(list_name=_list_of(path), name=OTHER, label=N_("lain-lain"))
    for code, said in (("yes", N_("ya")), ("no", N_("tidak"))):
        yield _row(list_name="yes_no", name=code, label=said)
    for sign in INDICATORS:
        columns = {f"label::{_language(tag)}": getattr(sign, tag) for tag in BY_TAG}
        yield {"list_name": f"indicators_{sign.group}", "name": sign.code, **columns}
