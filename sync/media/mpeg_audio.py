"""MP3: only its frames go on, without tags before and behind and without a first frame that is a table."""

from __future__ import annotations

from sync.media.refusals import MediaRefused, Refusal

_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LAYER_3 = 1
MOST_REST_BYTES = 4096
"""What may lie behind the last frame and is no tag, such as a frame that was cut short."""
_TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
_TABLES = (b"Xing", b"Info", b"VBRI")


def looks_like_mp3(content: bytes) -> bool:
    """Whether it begins with a tag of an MP3 or with a frame."""
    return content.startswith(b"ID3") or _frame_bytes(content, 0) is not None


def clean_mp3(content: bytes) -> bytes:
    """Return the frames alone; raise MediaRefused where they are not all there is but tags."""
    at = _after_tags(content)
    frames = []
    kind = content[at + 1 : at + 3]
    while (size := _frame_bytes(content, at)) is not None and at + size <= len(content):
        if content[at + 1] & 0xFE != kind[0] & 0xFE or content[at + 2] & 0x0C != kind[1] & 0x0C:
            break  # another rate: no frame of this sound
        frames.append(content[at : at + size])
        at += size
    rest = content[at:]
    if len(frames) < 2 or (len(rest) > MOST_REST_BYTES and not rest.startswith(_TAGS)):
        raise MediaRefused(Refusal.BROKEN if frames else Refusal.NO_SOUND)
    if any(table in frames[0][:64] for table in _TABLES):
        frames.pop(0)
    return b"".join(frames)


def _after_tags(content: bytes) -> int:
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) > at + 10:
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    return at


def _frame_bytes(content: bytes, at: int) -> int | None:
    """Return the size of the frame that begins here, or None where none does."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, hertz = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != _LAYER_3 or rate in (0, 15) or hertz == 3:
        return None
    kbits = _KBITS[3 if version == 3 else 2][rate]
    return (144 if version == 3 else 72) * kbits * 1000 // _HERTZ[version][hertz] + (head[2] >> 1 & 1)
