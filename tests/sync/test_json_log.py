"""A log line is one JSON object, and an error tells its type alone."""

from __future__ import annotations

import io
import json
import logging

from sync.json_log import OURS, JsonLines, log_as_json


def test_a_line_holds_what_was_said_and_no_traceback() -> None:
    record = logging.LogRecord("hub.x", logging.WARNING, "f", 1, "no %s\nhere", ("mail",), None)
    try:
        raise ValueError("Wayan 0812-0000-4321")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    text = JsonLines().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["level"], line["from"], line["text"], line["error"]) == (
        "warning",
        "hub.x",
        "no mail\nhere",
        "ValueError",
    )
    assert "Wayan" not in text
    assert line["at"].endswith("+00:00")


def test_it_takes_the_place_of_other_handlers() -> None:
    root, stream = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    try:
        handler = log_as_json(stream)
        logging.getLogger("hub.jobs").info("awake")
        logging.getLogger("meshtastic").info("packet from !1234abcd")
        assert root.handlers == [handler]
        assert json.loads(stream.getvalue())["text"] == "awake"
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        for name in OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)
