from __future__ import annotations

import subprocess
import sys

from small_media import AMR, HEIC

from sync.media.worker import PICTURE, SOUND, cleaned
from sync.wire.numbers import MediaType

PROBE = """
import os, resource
from sync.media.worker import MOST_MEMORY_BYTES, forbid_much
forbid_much()
found = []
for attempt in ("open('written', 'wb', 0).write(b'x')", "bytearray(MOST_MEMORY_BYTES)"):
    try:
        exec(attempt)
    except (OSError, MemoryError) as error:
        found.append(type(error).__name__)
os.remove('written')
print(found, resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_the_answer_is_the_kind_and_the_bytes_or_the_reason() -> None:
    assert cleaned(SOUND, AMR) == bytes([MediaType.AMR]) + AMR
    assert cleaned(PICTURE, HEIC) == b"\0heic"


def test_it_can_write_no_file_and_take_no_more_memory(tmp_path: object) -> None:
    # SIGXFSZ is ignored in Python, so writing beyond the limit is an error.
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, cwd=str(tmp_path), check=True
    )
    assert done.stdout.strip() == "['OSError', 'MemoryError'] (0, 0)"
