"""What the rim of SMS says fits into one message in each language."""

from __future__ import annotations

import pytest

from bots.dialogue.shortening import MOST_SEPTETS, folded, septets
from bots.sms.words import INCOMPLETE, UNREADABLE, WAITS
from bots.texts import LANGUAGES, say


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
@pytest.mark.parametrize("text", [INCOMPLETE, UNREADABLE, WAITS])
def test_a_text_fits_into_one_message(tag: str, text: str) -> None:
    values = {"phone": "0812-0000-3141"} if "%(phone)s" in text else {}
    assert septets(folded(say(tag, text, **values))) <= MOST_SEPTETS
