from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_media import (
    AAC_CONFIG,
    AAC_SAMPLES,
    AMR,
    AMR_FRAMES,
    MP3_FRAME,
    OPUS_HEAD,
    OPUS_PACKETS,
    SECRET,
    mp3,
    mp4,
    ogg,
    webm,
)

from sync.media.mp4 import _samples
from sync.media.opus import read_ogg
from sync.media.refusals import MediaRefused, Refusal
from sync.media.sounds import clean_sound
from sync.wire.numbers import MediaType

DATA = Path(__file__).parents[2] / "data" / "sounds"
SAMPLES = {
    "mp3": (mp3(), MediaType.MP3),
    "ogg": (ogg(), MediaType.OGG_OPUS),
    "webm": (webm(), MediaType.OGG_OPUS),
    "webm, live": (webm(live=True), MediaType.OGG_OPUS),
    "m4a": (mp4(), MediaType.M4A),
    "3gp": (mp4(AMR_FRAMES, codec=b"samr"), MediaType.AMR),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_only_the_sound_goes_on(name: str) -> None:
    content, media_type = SAMPLES[name]
    assert SECRET[:9] in content
    found, clean = clean_sound(content)
    assert found is media_type
    for word in (SECRET[:9], b"udta", b"\xa9xyz", b"-08.58", b"ID3", b"TAG", b"Xing", b"TITLE", b"\xde\xad"):
        assert word not in clean


@pytest.mark.parametrize("name", SAMPLES)
def test_a_clean_file_cleans_to_itself(name: str) -> None:
    media_type, clean = clean_sound(SAMPLES[name][0])
    assert clean_sound(clean) == (media_type, clean)


def test_every_frame_of_amr_is_there_also_out_of_3gp() -> None:
    assert clean_sound(AMR) == (MediaType.AMR, AMR)
    assert clean_sound(SAMPLES["3gp"][0]) == (MediaType.AMR, AMR)


def test_every_frame_of_mp3_is_there_but_the_table() -> None:
    assert clean_sound(mp3()) == (MediaType.MP3, MP3_FRAME * 20)


@pytest.mark.parametrize("name", ["ogg", "webm", "webm, live"])
def test_every_packet_of_opus_is_there(name: str) -> None:
    sound = read_ogg(clean_sound(SAMPLES[name][0])[1])
    assert (sound.head, sound.packets) == (OPUS_HEAD, OPUS_PACKETS)


def test_a_packet_may_be_longer_than_a_part_of_a_page() -> None:
    packets = [b"\x0b\x01" + bytes([7]) * size for size in (253, 254, 255, 510, 1200)] * 60
    assert read_ogg(clean_sound(ogg(packets))[1]).packets == packets


def test_every_sample_of_m4a_is_there_in_one_row() -> None:
    clean = clean_sound(mp4())[1]
    assert clean.endswith(b"mdat" + b"".join(AAC_SAMPLES))
    assert b"\x05\x02" + AAC_CONFIG in clean
    assert b"\xe8\x75\x4f\x00" not in clean  # no date


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Refusal.NO_SOUND),
        (b"RIFF\0\0\0\0WAVEfmt ", Refusal.NO_SOUND),
        (b"\xff\xd8\xff\xe0" + bytes(500), Refusal.NO_SOUND),
        (b"#!AMR\n", Refusal.BROKEN),
        (b"#!AMR\n" + b"\xff" * 40, Refusal.BROKEN),
        (AMR + b"PK\x03\x04" + SECRET, Refusal.BROKEN),
        (MP3_FRAME + bytes(9000), Refusal.BROKEN),
        (ogg([]), Refusal.BROKEN),
        (ogg().replace(OPUS_PACKETS[3], OPUS_PACKETS[4][:-1], 1), Refusal.BROKEN),
        (ogg().replace(b"OpusHead", b"Speex   "), Refusal.BROKEN),
        (webm(video=True), Refusal.VIDEO),
        (mp4(handler=b"vide"), Refusal.VIDEO),
        (mp4(codec=b"alac"), Refusal.NO_SOUND),
        (mp4()[:-30], Refusal.BROKEN),
        (b"\0\0\0\x14ftypM4A \0\0\0\0M4A ", Refusal.NO_SOUND),
        (b"\x1a\x45\xdf\xa3" + bytes(40), Refusal.BROKEN),
    ],
)
def test_what_is_refused_says_why(content: bytes, refusal: Refusal) -> None:
    with pytest.raises(MediaRefused) as refused:
        clean_sound(content)
    assert refused.value.refusal is refusal


def test_a_recording_that_was_cut_keeps_what_is_whole() -> None:
    assert clean_sound(AMR[:-5])[1] == AMR[:-13]
    assert clean_sound(mp3()[: -(11 + 128 + 400)])[1] == MP3_FRAME * 19
    assert len(read_ogg(clean_sound(ogg()[:-30])[1]).packets) == 119
    assert len(read_ogg(clean_sound(webm(live=True)[:-30])[1]).packets) >= 80


@pytest.mark.parametrize("name", ["suara.ogg", "suara.webm", "live.webm", "suara.m4a", "suara.mp3"])
def test_files_of_another_program_come_out_clean_and_whole(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert b"RAHASIA" in content
    media_type, clean = clean_sound(content)
    assert b"RAHASIA" not in clean
    assert b"-08.5833" not in clean
    assert len(clean) > 0.6 * len(content)
    assert clean_sound(clean) == (media_type, clean)


@settings(max_examples=150)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_damaged_sounds_are_clean_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[name][0])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)))
    with contextlib.suppress(MediaRefused):
        clean_sound(bytes(content[:end] if data.draw(st.booleans()) else content))


def test_tables_cannot_make_more_of_a_file_than_it_is() -> None:
    table = {
        b"stsz": struct.pack(">III", 0, 1000, 400),
        b"stsc": struct.pack(">IIIII", 0, 1, 1, 1, 1),
        b"stco": struct.pack(">II", 0, 400) + bytes(4 * 400),  # the same thousand bytes, again and again
    }
    with pytest.raises(MediaRefused):
        _samples(bytes(4000), table)
    table[b"stsz"] = struct.pack(">III", 0, 1, 400)
    assert len(_samples(bytes(4000), table)) == 400
