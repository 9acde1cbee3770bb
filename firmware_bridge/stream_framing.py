"""Meshtastic's stream framing: 0x94 0xC3, a big-endian length, a protobuf. Bytes in, frames out; no port.

Source: `StreamAPI` of the firmware. Serial consoles write plain log text between the frames; it is handed
out separately, in lines. The firmware resynchronises only on the next start bytes, so a frame that was cut
short swallows those behind it. This decoder does better where the caller can say what a good frame is.
"""

from __future__ import annotations

from collections.abc import Callable

START = b"\x94\xc3"
HEADER_BYTES = 4
MAX_FRAME_BYTES = 512
"""The largest frame the firmware sends or takes, header not counted."""

WAKE_BYTES = b"\xc3" * 32
"""Sent before the first frame: wakes a sleeping serial port, and can never be taken for a frame."""

FLUSH_BYTES = b"\xc3" * MAX_FRAME_BYTES
"""Completes any frame the other end may still be waiting for, when a connection was cut in the middle."""

MAX_LOG_LINE_BYTES = 1024
"""Longer stretches of text are cut, so that noise on a line cannot fill the memory."""


def encode_frame(message: bytes) -> bytes:
    """Return a message with its header.

    Raises ValueError above 512 bytes: the firmware would drop it unseen.
    """
    if len(message) > MAX_FRAME_BYTES:
        raise ValueError(f"a stream frame carries at most {MAX_FRAME_BYTES} bytes")
    return START + len(message).to_bytes(2, "big") + message


class FrameDecoder:
    """Takes a stream in pieces of any size and gives the frames in it.

    `is_good`, when given, judges each frame. One that it refuses is taken for the remains of a cut frame:
    its two start bytes are skipped and the rest is searched again, so that the good frames inside survive.
    """

    def __init__(self, is_good: Callable[[bytes], bool] | None = None) -> None:
        self._is_good = is_good
        self._buffer = bytearray()
        self._text = bytearray()
        self._lines: list[str] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the frames that this piece completes, in order."""
        self._buffer += piece
        frames = []
        while (frame := self._next_frame()) is not None:
            frames.append(frame)
        return frames

    def take_log_lines(self) -> list[str]:
        """Return the lines of log text that stood between frames, and forget them."""
        lines, self._lines = self._lines, []
        return lines

    def _next_frame(self) -> bytes | None:
        buffer = self._buffer
        while True:
            self._skip_text()
            if len(buffer) < HEADER_BYTES:
                return None
            length = int.from_bytes(buffer[2:HEADER_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                del buffer[: len(START)]
                continue
            if len(buffer) < HEADER_BYTES + length:
                return None
            frame = bytes(buffer[HEADER_BYTES : HEADER_BYTES + length])
            if self._is_good is not None and not self._is_good(frame):
                del buffer[: len(START)]
                continue
            del buffer[: HEADER_BYTES + length]
            return frame

    def _skip_text(self) -> None:
        """Drop what stands before the next start bytes, keeping a lone first start byte at the end."""
        buffer = self._buffer
        start = buffer.find(START)
        if start < 0:
            start = len(buffer) - (buffer[-1:] == START[:1])
        if start:
            self._collect_text(bytes(buffer[:start]))
            del buffer[:start]

    def _collect_text(self, text: bytes) -> None:
        self._text += text
        *complete, rest = self._text.split(b"\n")
        for line in [*complete, rest] if len(rest) > MAX_LOG_LINE_BYTES else complete:
            printable = line[:MAX_LOG_LINE_BYTES].decode("ascii", "ignore").strip()
            if printable:
                self._lines.append(printable)
        self._text = bytearray() if len(rest) > MAX_LOG_LINE_BYTES else bytearray(rest)
