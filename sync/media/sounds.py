"""A sound in a container of its own kind that holds the sound and nothing else."""

from __future__ import annotations

from sync.media.amr import clean_amr
from sync.media.mp4 import clean_mp4, looks_like_mp4
from sync.media.mpeg_audio import clean_mp3, looks_like_mp3
from sync.media.opus import read_ogg, read_webm, write_ogg
from sync.media.refusals import MediaRefused, Refusal
from sync.wire.numbers import MediaType

_EBML = b"\x1a\x45\xdf\xa3"


def clean_sound(content: bytes) -> tuple[MediaType, bytes]:
    """Return the kind and the bytes of the sound alone; raise MediaRefused.

    Opus out of WebM becomes Ogg, AMR out of 3GP an AMR file. What it tells itself (voices) stays.
    """
    if content.startswith(b"#!AMR"):
        return MediaType.AMR, clean_amr(content)
    if content.startswith(b"OggS"):
        return MediaType.OGG_OPUS, write_ogg(read_ogg(content))
    if content.startswith(_EBML):
        return MediaType.OGG_OPUS, write_ogg(read_webm(content))
    if looks_like_mp4(content):
        return clean_mp4(content)
    if looks_like_mp3(content):
        return MediaType.MP3, clean_mp3(content)
    raise MediaRefused(Refusal.NO_SOUND)
