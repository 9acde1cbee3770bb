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

from collections.abc import Iterator

from sync.errors import MalformedWire, ReportRefused
from sync.records import Report, check_report
from sync.wire.copies import Copy, NumberCopy
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.report_fields import CHANNEL, PRESENCE, SECTIONS, WORDS, coding_of, presence_of
from sync.wire.text_models import ROW_MODELS, TEXT_MODELS, encode_shortest

FIELDS_MODEL = 1
"""The fields model written today; all shipped ones are read."""

TEXT_FIELDS = ("narrative", *WORDS)
"""The fields whose texts a text model may get; a place here is the field's number in models that ask."""

MAX_BYTES = 2 * MAX_TEXT_BYTES
"""Longer data is no report in any model."""

Flat = dict[str, object]


def encode_report(report: Report, *, text_model: int | None = None) -> bytes:
    """Return the report's wire form with that text model or, by default, the one that takes the fewest bytes.

    Raise `ReportRefused` when the report breaks the contract, for nobody could read it again, and
    `ValueError` for a text model that does not exist.
    """
    flat = _flatten(check_report(report.to_json()))
    out, paths = _write_fields(flat)
    texts = [str(flat[path]) for path in paths]
    if text_model is None:
        text_model, packed = encode_shortest(texts)
        packed = out.getvalue() + packed
    elif text_model in ROW_MODELS:
        packed = ROW_MODELS[text_model].encode_on(out.interval(), texts, _numbers(paths))
    elif text_model in TEXT_MODELS:
        packed = out.getvalue() + TEXT_MODELS[text_model].encode(texts)
    else:
        raise ValueError(f"no text model {text_model}")
    return bytes([FIELDS_MODEL << 4 | text_model]) + packed


def encode_report_with(report: Report, best: int) -> bytes:
    """Return the shorter of two forms: in the text model named, or the default one.

    The default one is shorter where a text is in no language that the models know.
    """
    return min(encode_report(report, text_model=best), encode_report(report), key=len)


def decode_report(data: bytes) -> Report:
    """Return the report; raise `MalformedWire` for bytes that no version of `encode_report` wrote.

    Work and memory are bounded by what a legal report needs, whatever the bytes.
    """
    if not 0 < len(data) <= MAX_BYTES:
        raise MalformedWire("no report has this length")
    fields_model, text_model = divmod(data[0], 16)
    if fields_model != FIELDS_MODEL or text_model not in TEXT_MODELS:
        raise MalformedWire(f"report in unknown models {fields_model} and {text_model}")
    row = data[1:]
    reader = IntervalReader(row)
    flat, paths = _read_fields(reader)
    if text_model in ROW_MODELS:
        texts = ROW_MODELS[text_model].decode_on(reader.interval(), row, _numbers(paths))
    else:
        texts = TEXT_MODELS[text_model].decode(row[reader.end() :], len(paths))
    flat.update(zip(paths, texts, strict=True))
    _copy_from_narrative(flat)
    try:
        report = check_report(_unflatten(flat))
    except ReportRefused:
        raise MalformedWire("holds a report that breaks the contract") from None
    # The same fields have dearer ways through the codings; only the one that we write is taken.
    if _write_fields(flat)[0].interval() != reader.interval():
        raise MalformedWire("fields are not written the shortest way")
    return report


def texts_of(report: Report) -> list[tuple[int, str]]:
    """Return the texts that a text model gets of a report, with the number of the field of each."""
    flat = _flatten(report)
    _, paths = _write_fields(flat)
    return [(TEXT_FIELDS.index(path), str(flat[path])) for path in paths]


def _numbers(paths: list[str]) -> list[int]:
    return [TEXT_FIELDS.index(path) for path in paths]


def _write_fields(flat: Flat) -> tuple[IntervalWriter, list[str]]:
    """Return the fields as choices and the paths of the texts left for the text model."""
    out = IntervalWriter()
    narrative = str(flat["narrative"])
    texts = ["narrative"]
    channel = flat.get("channel")
    CHANNEL.put(out, None if channel is None else str(channel))
    coding_of("kind", flat).put(out, flat["kind"])
    for path in _standing(flat):
        presence_of(path, channel).put(out, path in flat)
        if path not in flat or path in SECTIONS:
            continue
        if path in WORDS:
            if not WORDS[path].put(out, str(flat[path]), narrative):
                texts.append(path)
        else:
            coding_of(path, flat).put(out, flat[path])
    return out, texts


def _read_fields(source: IntervalReader) -> tuple[Flat, list[str]]:
    """Return the fields read and the paths of the texts that are still to come."""
    flat: Flat = {}
    missing = ["narrative"]
    channel = CHANNEL.take(source)
    if channel is not None:
        flat["channel"] = channel
    flat["kind"] = coding_of("kind", flat).take(source)
    for path in _standing(flat):
        if not presence_of(path, channel).take(source):
            continue
        if path in WORDS:
            flat[path] = WORDS[path].take(source)
            if flat[path] is None:
                missing.append(path)
        elif path in SECTIONS:
            flat[path] = {}
        else:
            flat[path] = coding_of(path, flat).take(source)
    return flat, missing


def _standing(flat: Flat) -> Iterator[str]:
    """Yield the paths whose presence is written: those at the top, and those of sections that stand.

    Asks `flat` as it goes, for a reader fills it meanwhile.
    """
    for path in PRESENCE:
        section = path.rpartition(".")[0]
        if not section or section in flat:
            yield path


def _copy_from_narrative(flat: Flat) -> None:
    for path, value in flat.items():
        if isinstance(value, Copy | NumberCopy):
            flat[path] = value.of(str(flat["narrative"]))


def _flatten(report: Report) -> Flat:
    flat: Flat = {}
    for name, value in report.to_json().items():
        flat[name] = value
        if isinstance(value, dict) and name in SECTIONS:
            flat |= {f"{name}.{member}": inner for member, inner in value.items()}
    return flat


def _unflatten(flat: Flat) -> dict[str, object]:
    tree: dict[str, object] = {}
    for path, value in flat.items():
        section, _, name = path.rpartition(".")
        if not section:
            tree[path] = {} if path in SECTIONS else value
        else:
            inner = tree[section]
            if isinstance(inner, dict):
                inner[name] = value
    return tree
