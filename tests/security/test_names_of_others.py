"""Names that others give: nobody asks a Telegram account for its own, and no file keeps its name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OF_PEOPLE = {
    "first_name",
    "last_name",
    "username",
    "full_name",
    "mention_html",
    "language_code",
    "phone_number",
}
"""What python-telegram-bot knows of whoever writes."""
OF_FILES = {"file_name", "filename"}


def asked_for(folder: str, names: set[str]) -> set[str]:
    """Return which files of a program ask something for one of these."""
    asking = re.compile(rf"\.({'|'.join(sorted(names))})\b")
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if asking.search(path.read_text("utf-8"))
    }


def test_no_bot_asks_who_somebody_is_or_what_a_file_is_called() -> None:
    assert asked_for("bots", OF_PEOPLE | OF_FILES) == set()


def test_a_file_from_outside_keeps_no_name_at_node_and_hub() -> None:
    """These look whether a file was chosen, know it again within its own form, or are parts of a package."""
    assert asked_for("village_node", OF_FILES) | asked_for("hub", OF_FILES) == {
        *("village_node/web/bodies.py", "village_node/web/uploads.py", "village_node/web/guards.py"),
        *("hub/web/openrosa.py", "hub/web/error_pages.py", "hub/imports/reading.py"),
        *("hub/machine_reading/shelf.py", "hub/enrol_commands.py"),
    }
