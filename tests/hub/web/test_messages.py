from __future__ import annotations

import re

from hub.languages import ENGLISH, look_up, look_up_counted, speaking
from hub.web.messages import all_messages


def test_texts_of_templates_and_of_modules_are_gathered_with_their_forms() -> None:
    found = {message.text: message.counted for message in all_messages()}
    assert found["← Daftar laporan"] is False
    assert found["membaca"] is False
    assert found["%(count)s hari"] is True
    assert found["%(answers)s jawaban"] is True


def test_placeholders_and_marks_survive_translation() -> None:
    with speaking(ENGLISH.tag):
        for message in all_messages():
            text = message.text
            forms = [look_up_counted(text, text, n) for n in (1, 2)] if message.counted else [look_up(text)]
            for said in forms:
                for pattern in (r"%\(\w+\)s", r"</?(?!i\b)[a-z]+", r"^\s|\s$"):
                    assert sorted(re.findall(pattern, said)) == sorted(re.findall(pattern, text)), text
