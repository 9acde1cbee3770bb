"""A filled-in form as a phone sends it (XML) read into a checked report. Pure; refuses what does not fit.

Elements are named as the fields of the contract, so the form of another version is read all the same while
its answers still fit. What Collect or Kobo add of their own is not read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hub.languages import N_, current
from hub.openrosa.form import ENDED, FILES, FORM_ID, OTHER, SUGGESTED, TITLE, VILLAGE
from sync.errors import FieldProblem, ReportRefused
from sync.records import FIELDS, SECTIONS, Report, check_report, rule_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_XML_BYTES: Final = 128 * 1024
"""A report with 4,000 characters of four bytes has a quarter of that."""
MAX_NAME_CHARACTERS: Final = 200
_NOT_READ: Final = frozenset(
    {
        "meta",
        "formhub",
        "__version__",
        "_version_",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "answers",
    }
)
"""What forms and programs add; not even looked at, for some of it tells whose phone it is."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,12}", re.ASCII)


class SubmissionRefused(Exception):
    """A form that is not taken, and stays on the phone; the text says why, and nothing of what was typed."""


@dataclass(frozen=True, repr=False)
class Submission:
    """A filled-in form. No repr: it holds what somebody told. `files` are names of files -> question;
    `instance` the SHA-256 of its instanceID; `ended_at` Unix seconds by the phone's clock."""

    instance: str
    version: str
    village: str
    report: Report
    files: Mapping[str, str]
    ended_at: float | None


def digest(text: str) -> str:
    """Return the SHA-256 of a name that a phone drew, to know it again without keeping it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_submission(xml: bytes) -> Submission:
    """Return what a form says; raise SubmissionRefused."""
    root = _parsed(xml)
    if root.get("id") != FORM_ID:
        raise SubmissionRefused(N_("Ini bukan formulir %(title)s. Ambil formulir dari pusat.", title=TITLE))
    answers = dict(_answers(root))
    files = {answers.pop(name): name for name in FILES if name in answers}
    village = answers.pop(VILLAGE, "")
    ended_at = _time(answers.pop(ENDED, ""))
    if not village:
        raise SubmissionRefused(N_("Pilih desa tempat laporan ini dibuat."))
    if any(len(name) > MAX_NAME_CHARACTERS for name in files):
        raise SubmissionRefused(N_("Nama berkas terlalu panjang."))
    return Submission(
        digest(_instance_id(root)),
        (root.get("version") or "")[:40],
        village,
        _report(answers),
        files,
        ended_at,
    )


def _parsed(xml: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(xml) > MAX_XML_BYTES:
        raise SubmissionRefused(N_("Formulir paling banyak %(most)s KB.", most=MAX_XML_BYTES // 1024))
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise SubmissionRefused(N_("Formulir tidak dapat dibaca: bukan XML yang utuh.")) from None
    return root


def _instance_id(root: Element) -> str:
    for child in root:
        if _local(child) == "meta":
            for told in child:
                name = (told.text or "").strip()
                if _local(told) == "instanceID" and name:
                    if len(name) > MAX_NAME_CHARACTERS:
                        break
                    return name
    raise SubmissionRefused(N_("Formulir tanpa instanceID: isi lagi dengan ODK Collect."))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _answers(root: Element, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of every answer that was given."""
    for child in root:
        path = prefix + _local(child)
        if not prefix and path in _NOT_READ:
            continue
        if len(child) and not prefix:
            yield from _answers(child, f"{path}.")
        elif child.text:
            yield path, child.text


def _time(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


# -- answers as fields ----------------------------------------------------------------------------


def _report(answers: Mapping[str, str]) -> Report:
    report: dict[str, Any] = {}
    for path, text in answers.items():
        field, _, member = path.partition(".")
        if field == "indicators":
            report.setdefault(field, []).extend(text.split())
        elif path == "position":
            report[path] = _position(text)
        elif path.removesuffix(f"_{OTHER}") in FIELDS:
            if path in SUGGESTED and text == OTHER:
                continue  # its code stands in the next answer, or was not said: a finished form must pass
            into = report.setdefault(field, {}) if field in SECTIONS and member else report
            name = (member or field).removesuffix(f"_{OTHER}")
            into[name] = _value(path.removesuffix(f"_{OTHER}"), text)
        else:
            raise SubmissionRefused(_unknown(path))
    try:
        return check_report(report)
    except ReportRefused as refused:
        raise SubmissionRefused(_problems(refused.problems)) from None


def _unknown(path: str) -> str:
    shown = path if re.fullmatch(r"[a-z0-9_.]{1,40}", path, re.ASCII) else "?"
    return N_(
        "Versi formulir ini tidak cocok lagi: pusat tidak mengenal isian %(shown)s. Laporan tetap ada di "
        "ponsel; ambil formulir baru dan salin isinya.",
        shown=shown,
    )


def _problems(problems: tuple[FieldProblem, ...]) -> str:
    english = current() == "en"
    return "; ".join(f"{one.field}: {one.allowed_en if english else one.allowed_id}" for one in problems[:3])


def _value(path: str, text: str) -> object:
    """Return an answer as the contract has it; what does not fit stays text, and the check refuses it."""
    return _READINGS.get(str(rule_of(path).get("type")), _as_it_is)(text)


def _as_it_is(text: str) -> object:
    return text


def _integer(text: str) -> object:
    return int(text) if _INTEGER.fullmatch(text) else text


def _yes_or_no(text: str) -> object:
    return {"yes": True, "no": False}.get(text, text)


_READINGS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {"integer": _integer, "boolean": _yes_or_no}
)


def _position(text: str) -> object:
    """Return a geopoint (latitude longitude altitude accuracy) as the contract has it."""
    try:
        latitude, longitude = (round(float(part) * 100_000) for part in text.split()[:2])
    except (ValueError, OverflowError):
        return text
    return {"lat_e5": latitude, "lon_e5": longitude}
