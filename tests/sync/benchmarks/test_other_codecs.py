"""What is compared with is fair: each form reads back, each had the priming text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable

import pytest

from sync.benchmarks import other_codecs
from sync.benchmarks.other_codecs import OTHERS, Pack, compact_json, fields_part, numbered
from sync.benchmarks.priming_text import PrimingText, load_priming
from sync.records import check_report
from sync.wire.report_codec import texts_of

REPORT = check_report(
    {
        "kind": "recruiter",
        "narrative": "Bu Sari Contoh (0812-0000-4321) nawarin kerja di Batam, besok subuh berangkat 3 orang.",
        "channel": "web",
        "urgency": "now",
        "indicators": ["no_contract"],
        "recruiter": {"name": "Sari Contoh", "phone": "0812-0000-4321"},
        "offer": {"job": "plantation", "wage_idr": 6_000_000},
        "people": {"women": 3},
    }
)
LINE = compact_json(REPORT)


def small() -> PrimingText:
    """Enough to train a dictionary on, little enough to be quick."""
    priming = load_priming()
    return PrimingText(priming.lines[-40:], priming.reports[-150:])


@pytest.fixture(scope="module")
def priming() -> PrimingText:
    return small()


def packer(name: str, priming: PrimingText) -> Pack:
    return next(other for other in OTHERS if other.name == name).make(priming)


def primed_text(priming: PrimingText) -> bytes:
    lines = [*(line.encode() for line in priming.lines), *map(compact_json, priming.reports)]
    return b"".join(line + b"\n" for line in lines)


def test_json_is_compact_and_cbor_has_numbers_for_keys_and_choices() -> None:
    cbor2 = pytest.importorskip("cbor2")
    assert json.loads(LINE) == REPORT.to_json()
    packed = packer("cbor", PrimingText((), ()))(REPORT)
    assert cbor2.loads(packed) == numbered(REPORT.to_json())
    assert len(packed) < len(REPORT.narrative) + 75
    read = cbor2.loads(packed)
    assert all(isinstance(key, int) for key in read)
    assert read[0] == 0


def test_deflate_reads_back_with_its_dictionary(priming: PrimingText) -> None:
    packed = packer("json_zlib", priming)(REPORT)
    unpacker = zlib.decompressobj(-15, primed_text(priming)[-32768:])
    assert unpacker.decompress(packed) + unpacker.flush() == LINE


@pytest.mark.parametrize("name", ["json_zstd_raw", "json_zstd_trained"])
def test_zstd_reads_back_with_its_dictionary(name: str, priming: PrimingText) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = packer(name, priming)(REPORT)
    if name == "json_zstd_raw":
        dictionary = zstandard.ZstdCompressionDict(primed_text(priming), zstandard.DICT_TYPE_RAWCONTENT)
    else:
        dictionary = zstandard.train_dictionary(110 * 1024, primed_text(priming).splitlines())
    unpacker = zstandard.ZstdDecompressor(dict_data=dictionary, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    assert unpacker.decompressobj().decompress(packed) == LINE


def test_brotli_goes_on_in_a_stream_that_the_other_side_can_follow(priming: PrimingText) -> None:
    brotli = pytest.importorskip("brotli")
    pack = packer("json_brotli", priming)
    packed = pack(REPORT)
    assert pack(REPORT) == packed, "a report changed what the next finds"
    stream = brotli.Compressor(quality=11, lgwin=24)
    before = stream.process(primed_text(priming)) + stream.flush()
    assert brotli.Decompressor().process(before + packed) == primed_text(priming) + LINE


@pytest.mark.parametrize(("name", "variant"), [("json_ppmd7", "Ppmd7"), ("json_ppmd8", "Ppmd8")])
def test_ppmd_goes_on_in_a_stream_that_the_other_side_can_follow(
    name: str, variant: str, priming: PrimingText
) -> None:
    pyppmd = pytest.importorskip("pyppmd")
    pack = packer(name, priming)
    packed = pack(REPORT)
    assert pack(REPORT) == packed
    stream = getattr(pyppmd, f"{variant}Encoder")(6, 16 << 20)
    before = stream.encode(primed_text(priming))
    whole = primed_text(priming) + LINE + b"\n"
    decoder = getattr(pyppmd, f"{variant}Decoder")(6, 16 << 20)
    assert decoder.decode(before + packed, len(whole)) == whole


def test_our_fields_with_ppmd_hold_the_fields_and_the_texts(priming: PrimingText) -> None:
    pyppmd = pytest.importorskip("pyppmd")
    packed = packer("fields_ppmd7", priming)(REPORT)
    fields = fields_part(REPORT)
    assert packed.startswith(fields)
    primed = b"".join(line.encode() + b"\xff" for line in priming.lines)
    for report in priming.reports:
        primed += texts_of(report).row()
    before = pyppmd.Ppmd7Encoder(6, 16 << 20).encode(primed)
    texts = texts_of(REPORT).row()
    decoder = pyppmd.Ppmd7Decoder(6, 16 << 20)
    read = decoder.decode(before + packed[len(fields) :], len(primed + texts))
    assert read == primed + texts


def test_a_failing_child_is_no_figure() -> None:
    def broken() -> bytes:
        raise KeyError

    job: Callable[[], bytes] = broken
    with pytest.raises(ValueError, match="failed"):
        other_codecs._in_a_child(job)


def test_a_library_that_is_not_there_is_known() -> None:
    there = other_codecs.Other("x", None, "", lambda _: compact_json)
    gone = other_codecs.Other("y", "no_such_library_here", "", lambda _: compact_json)
    assert there.is_here
    assert not gone.is_here
