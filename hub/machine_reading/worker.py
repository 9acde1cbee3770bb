"""The child process that runs one model on one text or sound, then ends.

Standard input is a line of JSON (`path` of the model, `model` as its manifest says, `kind`), then the text
in UTF-8 or the sound. Standard output is a line of JSON with the reading. A fault says nothing: its text
could hold some of the report.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hub.machine_reading.confinement import confine
from hub.machine_reading.services import SPEECH, TRANSLATION, Reading


def read(asked: dict[str, Any], given: bytes) -> Reading:
    """Run a model; raises what its library raises."""
    path, model = Path(asked["path"]), asked["model"]
    if asked["kind"] == SPEECH:
        from hub.machine_reading.hearing import SphinxReader, samples_of

        return SphinxReader(path, model["from"], model["name"], model["dated"])(samples_of(given))
    text = given.decode("utf-8")
    if asked["kind"] == TRANSLATION:
        from hub.machine_reading.translating import CTranslateTranslator

        return CTranslateTranslator(path, model["from"], model["to"], model["name"], model["dated"])(text)
    from hub.machine_reading.summarizing import CTranslateSummarizer

    return CTranslateSummarizer(path, model["from"], model["name"], model["dated"], model["prompt"])(text)


def main() -> None:
    """Do what standard input asks for."""
    try:
        asked = json.loads(sys.stdin.buffer.readline())
        confine([Path(asked["path"])])
        answer = json.dumps(asdict(read(asked, sys.stdin.buffer.read())))
    except BaseException:  # the message could hold a word of the report
        sys.exit(1)
    sys.stdout.write(answer + "\n")


if __name__ == "__main__":
    main()
