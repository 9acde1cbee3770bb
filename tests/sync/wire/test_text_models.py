from __future__ import annotations

import hashlib
import json
import runpy
import sys
import tracemalloc
import zlib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_character, patient, texts

from sync.errors import MalformedWire
from sync.wire.intervals import EVERYTHING
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.primed import Primed
from sync.wire.quick_text import QuickTable
from sync.wire.said import Said
from sync.wire.text_models import (
    DENSE,
    INSTANT_MODELS,
    LONE_PATIENCE_MS,
    PATIENCE_MS,
    QUICK,
    ROW_MODELS,
    TEXT_MODELS,
    encode_shortest,
    model_for,
)

ROOT = Path(__file__).resolve().parents[3]
many_texts = st.lists(st.one_of(texts(60), st.text(any_character)), min_size=1, max_size=6)
models = pytest.mark.parametrize("number", TEXT_MODELS)


@models
@settings(patient, max_examples=40)
@given(many_texts)
def test_any_texts_come_back_exactly(number: int, many: list[str]) -> None:
    assert TEXT_MODELS[number].decode(TEXT_MODELS[number].encode(many), len(many)) == tuple(many)


@models
def test_the_longest_texts_come_back(number: int) -> None:
    for character in ("a", "\x00", "\U0010ffff"):
        many = [character * 4000, "", character * 120]
        assert TEXT_MODELS[number].decode(TEXT_MODELS[number].encode(many), 3) == tuple(many)


@models
@settings(patient, max_examples=15)
@given(st.binary(max_size=200), st.integers(1, 4))
def test_junk_is_read_as_texts_or_refused(number: int, data: bytes, count: int) -> None:
    try:
        many = TEXT_MODELS[number].decode(data, count)
    except MalformedWire:
        return
    assert len(many) == count


@pytest.mark.parametrize("number", INSTANT_MODELS)
@patient
@given(many_texts, st.data())
def test_another_number_of_texts_is_refused(number: int, many: list[str], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8).filter(lambda count: count != len(many)))
    with pytest.raises(MalformedWire):
        TEXT_MODELS[number].decode(TEXT_MODELS[number].encode(many), count)


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(50_000_000)) + packer.flush()
    assert len(bomb) < 60_000
    TEXT_MODELS[1].encode([""])  # so that the dictionary is not counted
    tracemalloc.start()
    with pytest.raises(MalformedWire, match="longer"):
        TEXT_MODELS[1].decode(bomb, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    with pytest.raises(MalformedWire, match="longer"):
        TEXT_MODELS[0].decode(bytes(MAX_TEXT_BYTES + 1), 1)


def test_cut_and_lengthened_data_is_refused() -> None:
    packed = TEXT_MODELS[1].encode(["Pak Hasan cari orang untuk kerja"])
    for data in (packed[:-1], packed + b"\x00", b""):
        with pytest.raises(MalformedWire, match="too early or too late"):
            TEXT_MODELS[1].decode(data, 1)


def test_the_shortest_model_is_chosen() -> None:
    assert encode_shortest(["\x01\x02\x03"])[0] == 0
    number, packed = encode_shortest(["tolong, anak kami umur 15 tahun dibawa ke Malaysia"])
    assert number == 1
    assert len(packed) == len(TEXT_MODELS[1].encode(["tolong, anak kami umur 15 tahun dibawa ke Malaysia"]))


def test_the_model_follows_the_load() -> None:
    assert model_for(LONE_PATIENCE_MS, ahead_ms=0) == DENSE
    assert model_for(LONE_PATIENCE_MS + 1, ahead_ms=0) == QUICK
    assert model_for(PATIENCE_MS - 1, ahead_ms=1) == DENSE
    assert model_for(PATIENCE_MS, ahead_ms=1) == QUICK


def test_numbers_are_where_they_are_said_to_be() -> None:
    assert all(model.number == number for number, model in TEXT_MODELS.items())
    assert all(0 <= number < 16 for number in TEXT_MODELS)


def test_the_dictionary_is_the_shipped_one() -> None:
    # Shipped: with another byte in it, the hub would no longer read reports that are under way.
    data = resources.files("sync.wire").joinpath("dictionary-1.bin").read_bytes()
    assert (
        hashlib.sha256(data).hexdigest() == "39760dd8024b767d962a11fb5fac8f581ae4a92dc160a6a61ece28a0ad513e85"
    )
    assert runpy.run_path(str(ROOT / "scripts/make-text-dictionary"))["dictionary"]() == data


def test_the_dictionary_was_not_made_of_the_reports_it_is_measured_on() -> None:
    def runs(text: str) -> set[str]:
        words = text.lower().split()
        return {" ".join(words[start : start + 6]) for start in range(len(words) - 5)}

    own = runs(resources.files("sync.wire").joinpath("dictionary-1.txt").read_text(encoding="utf-8"))
    lines = (ROOT / "tests/data/reports-train.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert not own & runs(json.loads(line)["report"]["narrative"])


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("quick-2.bin", "f36ad599e8d85ad312aabe801a24ce6760c2d8da3213080cf1e68a87c0ebbbfa"),
        ("dense-3.bin", "7ea59e64b2ccfcafdfb46ad588e5e10f20715c317dde310fe219774a4fccb45f"),
    ],
)
def test_primed_models_are_the_shipped_ones(name: str, digest: str) -> None:
    # Shipped: with another byte in it, the hub would no longer read reports that are under way.
    assert hashlib.sha256(resources.files("sync.wire").joinpath(name).read_bytes()).hexdigest() == digest


def test_primed_models_were_made_of_the_texts_that_are_here() -> None:
    """`scripts/make-text-models` makes them again and compares; that takes minutes, so here it is hashes."""
    making = runpy.run_path(str(ROOT / "scripts/make-text-models"))
    assert making["inputs_hash"]() == "bbaf34e8e59a5f19a9580b380b42815a6c39c271dc7bbf476ebb9027e51d8b32"


def test_priming_still_gives_what_it_gave() -> None:
    making = runpy.run_path(str(ROOT / "scripts/make-text-models"))
    texts = [*making["reports"](ROOT / "content/samples/reports.jsonl")][:2]
    made = {number: zlib.decompress(making["make"](number, texts)) for number in (QUICK, DENSE)}
    digests = {number: hashlib.sha256(data).hexdigest() for number, data in made.items()}
    assert digests == {
        QUICK: "e88d96ef1c784fe3e6f27ba627fce54b6cef4eaa71baa35f689572687cab6bce",
        DENSE: "16d1391181bb8d143101498d36232b406c54ebbc8691dad32b1a421d1cab4d1b",
    }


def test_what_is_learnt_from_a_report_is_forgotten() -> None:
    first = TEXT_MODELS[DENSE].encode(["Pak Hasan cari orang"])
    TEXT_MODELS[DENSE].encode(["Bu Sri, Bu Sri, Bu Sri"])
    assert TEXT_MODELS[DENSE].encode(["Pak Hasan cari orang"]) == first


def test_a_repeated_text_is_learnt() -> None:
    once = TEXT_MODELS[DENSE].encode(["xyzzy-plugh-quux "])
    many = TEXT_MODELS[DENSE].encode(["xyzzy-plugh-quux " * 8])
    assert len(many) < 2 * len(once)


def _dense_bytes(texts: list[str], said: Said) -> int:
    return len(ROW_MODELS[DENSE].encode_on(EVERYTHING, texts, [0] * len(texts), said))


def test_names_of_the_place_are_known_before_the_texts() -> None:
    """A village that the model never read of is spelt out only where no field names it."""
    text = ["Di Karangbenda ada yang cari orang"]
    assert _dense_bytes(text, Said(place="33.01.03.2004")) <= _dense_bytes(text, Said(place="33.01.03")) - 3


def test_the_language_says_which_words_to_expect() -> None:
    text = ["anakku ora mulih wis telung wulan, jare kerja nang Malaysia"]
    lengths = {language: _dense_bytes(text, Said(language=language)) for language in ("jv", "su")}
    assert lengths["jv"] < lengths["su"]


def test_what_fields_say_must_be_the_same_for_the_reader() -> None:
    said = Said("victim", "sms", "id", "52.02.08.2001")
    model = ROW_MODELS[DENSE]
    row = model.encode_on(EVERYTHING, ["tolong"], [0], said)
    assert model.decode_on(EVERYTHING, row, [0], said) == ("tolong",)
    try:
        other = model.decode_on(EVERYTHING, row, [0], Said("other"))
    except MalformedWire:
        return
    assert other != ("tolong",)


@pytest.mark.parametrize("number", [QUICK, DENSE])
def test_a_row_without_end_is_refused(number: int) -> None:
    with pytest.raises(MalformedWire):
        TEXT_MODELS[number].decode(b"\x55\xaa" * 9000, 1)


def test_the_models_stay_small() -> None:
    packed = resources.files("sync.wire")
    assert len(packed.joinpath("dense-3.bin").read_bytes()) <= 8_000_000
    assert len(packed.joinpath("quick-2.bin").read_bytes()) <= 1_000_000
    table = QuickTable.unpacked(packed.joinpath("quick-2.bin").read_bytes())
    primed = Primed.unpacked(packed.joinpath("dense-3.bin").read_bytes())
    assert _held(table) < 3_000_000
    assert _held(primed) + sum(map(_held, [*primed.tables, primed.places])) < 20_000_000


def _held(thing: object) -> int:
    return sum(map(sys.getsizeof, vars(thing).values()))
