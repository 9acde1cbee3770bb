"""A report as bytes, as small as they get, and back again exactly.

::

    byte 0      fields model (1 to 15) in the high half, text model (0 to 15) in the low half
    fields      choices of known weight (sync.wire.intervals), which end where they end
    texts       the rest: narrative first, then in the contract's order what no shorter way could take

With text models from 2 on, the texts' choices go on in the row that the fields began.

The high half is never 0, so that other records can be told from reports by a first byte below 0x10.
A fields model and a text model never change: `tests/vectors/reports.json` holds what was shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sync.errors import MalformedWire, ReportRefused
from sync.records import Report, check_report
from sync.wire.copies import Copy, NumberCopy
from sync.wire.fields_model import SECTIONS, FieldsModel, Flat, read_fields, write_fields
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.report_fields import WORDS, FieldsOne
from sync.wire.report_fields_2 import FieldsTwo
from sync.wire.said import Texts, said_by
from sync.wire.text_models import ROW_MODELS, TEXT_MODELS, encode_shortest

FIELDS_MODELS: Mapping[int, FieldsModel] = MappingProxyType(
    {model.number: model for model in (FieldsOne(), FieldsTwo())}
)
"""Every fields model ever shipped, by number."""

FIELDS_MODEL = 2
"""The fields model written today; all shipped ones are read."""

TEXT_FIELDS = ("narrative", *WORDS)
"""The fields whose texts a text model may get; a place here is the field's number in models that ask."""

MAX_BYTES = 2 * MAX_TEXT_BYTES
"""Longer data is no report in any model."""


def encode_report(
    report: Report, *, text_model: int | None = None, fields_model: int = FIELDS_MODEL
) -> bytes:
    """Return the report's wire form with that text model or, by default, the one that takes the fewest bytes.

    Raise `ReportRefused` when the report breaks the contract, for nobody could read it again, and
    `ValueError` for a model that does not exist.
    """
    written = _WrittenFields(report, fields_model)
    return written.in_shortest() if text_model is None else written.in_model(text_model)


def encode_report_with(report: Report, best: int) -> bytes:
    """Return the shorter of two forms: in the text model named, or the default one.

    The default one is shorter where a text is in no language that the models know.
    """
    written = _WrittenFields(report, FIELDS_MODEL)
    return min(written.in_model(best), written.in_shortest(), key=len)


class _WrittenFields:
    """A report whose fields are written and whose texts are still to be."""

    def __init__(self, report: Report, fields_model: int) -> None:
        if fields_model not in FIELDS_MODELS:
            raise ValueError(f"no fields model {fields_model}")
        self._fields_model = fields_model
        self._flat = flat_fields(check_report(report.to_json()))
        self._out = IntervalWriter()
        self._paths = write_fields(FIELDS_MODELS[fields_model], self._flat, self._out)
        self._texts = [str(self._flat[path]) for path in self._paths]

    def in_model(self, text_model: int) -> bytes:
        if text_model in ROW_MODELS:
            said = said_by(self._flat, self._paths)
            coder = ROW_MODELS[text_model]
            packed = coder.encode_on(self._out.interval(), self._texts, _numbers(self._paths), said)
        elif text_model in TEXT_MODELS:
            packed = self._out.getvalue() + TEXT_MODELS[text_model].encode(self._texts)
        else:
            raise ValueError(f"no text model {text_model}")
        return self._head(text_model) + packed

    def in_shortest(self) -> bytes:
        text_model, packed = encode_shortest(self._texts)
        return self._head(text_model) + self._out.getvalue() + packed

    def _head(self, text_model: int) -> bytes:
        return bytes([self._fields_model << 4 | text_model])


def decode_report(data: bytes) -> Report:
    """Return the report; raise `MalformedWire` for bytes that no version of `encode_report` wrote.

    Work and memory are bounded by what a legal report needs, whatever the bytes.
    """
    if not 0 < len(data) <= MAX_BYTES:
        raise MalformedWire("no report has this length")
    fields_model, text_model = divmod(data[0], 16)
    if fields_model not in FIELDS_MODELS or text_model not in TEXT_MODELS:
        raise MalformedWire(f"report in unknown models {fields_model} and {text_model}")
    row = data[1:]
    reader = IntervalReader(row)
    flat, paths = read_fields(FIELDS_MODELS[fields_model], reader)
    if text_model in ROW_MODELS:
        said = said_by(flat, paths)
        texts = ROW_MODELS[text_model].decode_on(reader.interval(), row, _numbers(paths), said)
    else:
        texts = TEXT_MODELS[text_model].decode(row[reader.end() :], len(paths))
    flat.update(zip(paths, texts, strict=True))
    _copy_from_narrative(flat)
    try:
        report = check_report(_unflatten(flat))
    except ReportRefused:
        raise MalformedWire("holds a report that breaks the contract") from None
    # The same fields have dearer ways through the codings; only the one that we write is taken.
    again = IntervalWriter()
    write_fields(FIELDS_MODELS[fields_model], flat, again)
    if again.interval() != reader.interval():
        raise MalformedWire("fields are not written the shortest way")
    return report


def texts_of(report: Report) -> Texts:
    """Return what a text model gets of a report."""
    flat = flat_fields(report)
    paths = write_fields(FIELDS_MODELS[FIELDS_MODEL], flat, IntervalWriter())
    return Texts(_numbers(paths), [str(flat[path]) for path in paths], said_by(flat, paths))


def _numbers(paths: list[str]) -> list[int]:
    return [TEXT_FIELDS.index(path) for path in paths]


def _copy_from_narrative(flat: Flat) -> None:
    for path, value in flat.items():
        if isinstance(value, Copy | NumberCopy):
            flat[path] = value.of(str(flat["narrative"]))


def flat_fields(report: Report) -> Flat:
    """Return a report's fields by dotted path, sections among them."""
    flat: Flat = {}
    for name, value in report.to_json().items():
        flat[name] = value
        if isinstance(value, dict) and name in SECTIONS:
            flat |= {f"{name}.{member}": inner for member, inner in value.items()}
    return flat


def _unflatten(flat: Flat) -> dict[str, object]:
    tree: dict[str, object] = {path: {} for path in SECTIONS if path in flat}
    for path, value in flat.items():
        section, _, name = path.rpartition(".")
        if section:
            inner = tree.setdefault(section, {})
            if isinstance(inner, dict):
                inner[name] = value
        elif path not in SECTIONS:
            tree[path] = value
    return tree
