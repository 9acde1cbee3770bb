"""The child process that reads what a visitor sent: one file in, one clean file out, then it ends.

Decoders are the part of a box that strangers can attack with bytes of their choice. So they run apart from
the process that holds the sealing chain, cannot write a file, and their memory is gone with them.

Standard input is the file; standard output is u8 media type and the clean bytes, or u8 0 and a `Refusal`.
"""

from __future__ import annotations

import resource
import sys

MOST_MEMORY_BYTES = 320 * 1024 * 1024
"""Of addresses; about half of it is ever touched."""
MOST_CPU_S = 30
PICTURE, SOUND = "picture", "sound"


def forbid_much() -> None:
    """Bound this process: memory, time, no file written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cleaned(kind: str, content: bytes) -> bytes:
    """Return what goes to standard output."""
    from sync.media.refusals import MediaRefused, Refusal
    from sync.wire.numbers import MediaType

    try:
        if kind == PICTURE:
            from sync.media.pictures import clean_picture

            return bytes([MediaType.JPEG]) + clean_picture(content)
        from sync.media.sounds import clean_sound

        media_type, clean = clean_sound(content)
        return bytes([media_type]) + clean
    except MediaRefused as refused:
        return b"\0" + refused.refusal.value.encode("ascii")
    except MemoryError:
        return b"\0" + Refusal.TOO_MANY_PIXELS.value.encode("ascii")


def main() -> None:
    """Clean one file; a fault says nothing, for its text could hold something of the file."""
    forbid_much()
    try:
        answer = cleaned(sys.argv[1], sys.stdin.buffer.read())
    except Exception:  # whatever a decoder raises: its text could hold something of the file
        sys.exit(1)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
