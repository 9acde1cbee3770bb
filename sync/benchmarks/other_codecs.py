"""How others would write a report: JSON, CBOR, and general compressors primed with the same text.

The libraries are an extra (`bench` in setup.cfg); what is missing is left out and named. A codec is made
once and then packs report after report, each on its own, as a radio needs it.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sync.benchmarks.priming_text import PrimingText
from sync.records import CHANNELS, INDICATORS, JOBS, KINDS, RELATIONS, URGENCIES, Report
from sync.wire.report_codec import encode_report, texts_of
from sync.wire.text_models import TEXT_MODELS

Pack = Callable[[Report], bytes]

_ZLIB_WINDOW_BYTES = 32 * 1024
_TRAINED_BYTES = 110 * 1024
_ZSTD_LEVEL = 19
_BROTLI_QUALITY, _BROTLI_WINDOW_BITS = 11, 24
_PPMD_ORDER, _PPMD_MEMORY_BYTES = 6, 16 << 20
_END = b"\xff"


@dataclass(frozen=True)
class Other:
    """One codec: its name, the package that it needs (None: none), what to know of it, how to make it."""

    name: str
    package: str | None
    note: str
    make: Callable[[PrimingText], Pack]

    @property
    def is_here(self) -> bool:
        """Whether its library is installed."""
        return self.package is None or importlib.util.find_spec(self.package) is not None


def compact_json(report: Report) -> bytes:
    """Return the report as JSON without spaces, in UTF-8."""
    return json.dumps(report.to_json(), separators=(",", ":"), ensure_ascii=False).encode()


def _json_lines(priming: PrimingText) -> list[bytes]:
    return [*(line.encode() for line in priming.lines), *map(compact_json, priming.reports)]


def _json_text(priming: PrimingText) -> bytes:
    return b"".join(line + b"\n" for line in _json_lines(priming))


def _json(_: PrimingText) -> Pack:
    return compact_json


# What a careful user of CBOR would agree on beforehand: small numbers for keys and for choices from lists.
_CODES = tuple(indicator.code for indicator in INDICATORS)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "urgency": URGENCIES,
    "channel": CHANNELS,
    "relation": RELATIONS,
    "job": JOBS,
}


@functools.cache
def _keys() -> tuple[str, ...]:
    """Return every name of the contract, in its order."""
    schema = json.loads(resources.files("sync.contracts").joinpath("report.schema.json").read_bytes())

    def names(properties: dict[str, Any]) -> Iterator[str]:
        for name, rule in properties.items():
            yield name
            yield from names(rule.get("properties", {}))

    return tuple(dict.fromkeys(names(schema["properties"])))


def numbered(value: object, key: str = "") -> object:
    """Return a report's JSON data with numbers for keys, choices and indicators; other values stay."""
    if isinstance(value, dict):
        return {_keys().index(name): numbered(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_CODES.index(code) if code in _CODES else code for code in value]
    if key in _CHOICES and isinstance(value, str):
        return _CHOICES[key].index(value)
    return value


def _cbor(_: PrimingText) -> Pack:
    import cbor2

    return lambda report: cbor2.dumps(numbered(report.to_json()))


def _deflate(priming: PrimingText) -> Pack:
    dictionary = _json_text(priming)[-_ZLIB_WINDOW_BYTES:]

    def pack(report: Report) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
        return packer.compress(compact_json(report)) + packer.flush()

    return pack


def _zstd(dictionary: Any) -> Pack:
    import zstandard

    settings = zstandard.ZstdCompressionParameters.from_level(
        _ZSTD_LEVEL,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        write_content_size=False,
        write_checksum=False,
        write_dict_id=False,
    )
    packer = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=settings)
    return lambda report: packer.compress(compact_json(report))


def _zstd_raw(priming: PrimingText) -> Pack:
    import zstandard

    text = _json_text(priming)
    return _zstd(zstandard.ZstdCompressionDict(text, dict_type=zstandard.DICT_TYPE_RAWCONTENT))


def _zstd_trained(priming: PrimingText) -> Pack:
    import zstandard

    return _zstd(zstandard.train_dictionary(_TRAINED_BYTES, [*_json_lines(priming)]))


def _brotli(priming: PrimingText) -> Pack:
    import brotli

    stream = brotli.Compressor(quality=_BROTLI_QUALITY, lgwin=_BROTLI_WINDOW_BITS)
    stream.process(_json_text(priming))
    stream.flush()
    return lambda report: _in_a_child(lambda: stream.process(compact_json(report)) + stream.finish())


def _ppmd7(priming: PrimingText) -> Pack:
    import pyppmd

    stream = pyppmd.Ppmd7Encoder(_PPMD_ORDER, _PPMD_MEMORY_BYTES)
    stream.encode(_json_text(priming))
    return lambda report: _in_a_child(lambda: stream.encode(compact_json(report) + b"\n") + stream.flush())


def _ppmd8(priming: PrimingText) -> Pack:
    import pyppmd

    stream = pyppmd.Ppmd8Encoder(_PPMD_ORDER, _PPMD_MEMORY_BYTES)
    stream.encode(_json_text(priming))
    return lambda report: _in_a_child(lambda: stream.encode(compact_json(report) + b"\n") + stream.flush())


def _ended(texts: Iterable[str]) -> bytes:
    return b"".join(text.encode() + _END for text in texts)


def _fields_ppmd7(priming: PrimingText) -> Pack:
    import pyppmd

    stream = pyppmd.Ppmd7Encoder(_PPMD_ORDER, _PPMD_MEMORY_BYTES)
    stream.encode(_ended(priming.lines))
    for report in priming.reports:
        stream.encode(texts_of(report).row())

    def pack(report: Report) -> bytes:
        texts = texts_of(report).row()
        return fields_part(report) + _in_a_child(lambda: stream.encode(texts) + stream.flush())

    return pack


def fields_part(report: Report) -> bytes:
    """Return the number of the models and the report's fields, without the texts left for a text model."""
    whole = encode_report(report, text_model=0)
    return whole[: len(whole) - len(TEXT_MODELS[0].encode(texts_of(report).texts))]


def _in_a_child(job: Callable[[], bytes]) -> bytes:
    """Return what a child process makes of the job: no binding copies a primed compressor, a fork does."""
    here, there = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn where threads run; the child only packs, writes and ends.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.close(here)
            with open(there, "wb") as out:  # noqa: PTH123 - a descriptor
                out.write(job())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(there)
    with open(here, "rb") as answer:  # noqa: PTH123 - a descriptor
        packed = answer.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise ValueError("a codec to compare with failed")
    return packed


OTHERS = (
    Other("json", None, "no priming, no state", _json),
    Other("cbor", "cbor2", "integer keys and choices; no priming, no state", _cbor),
    Other("json_zlib", None, "32 KB dictionary: the last of the priming text", _deflate),
    Other(
        "json_zstd_raw", "zstandard", "dictionary: the whole priming text as raw content, level 19", _zstd_raw
    ),
    Other("json_zstd_trained", "zstandard", "110 KB dictionary trained on it, level 19", _zstd_trained),
    Other(
        "json_brotli",
        "brotli",
        "the binding takes no dictionary: a stream that packed the priming text and was flushed; quality 11",
        _brotli,
    ),
    Other("json_ppmd7", "pyppmd", "stream primed with the text, order 6, 16 MB, ended by a newline", _ppmd7),
    Other("json_ppmd8", "pyppmd", "the same with variant I", _ppmd8),
    Other(
        "fields_ppmd7",
        "pyppmd",
        "our fields, then the texts in PPMd primed with the texts alone; order 6, 16 MB",
        _fields_ppmd7,
    ),
)
