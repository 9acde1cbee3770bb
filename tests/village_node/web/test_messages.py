from __future__ import annotations

from village_node.web.messages import all_messages
from village_node.web.questions import QUESTIONS


def test_texts_of_templates_questions_notices_and_code_are_gathered_once() -> None:
    texts = all_messages()
    assert len(texts) == len(set(texts)) > 300
    assert {question.label for question in QUESTIONS.values()} <= set(texts)
    for said in (
        "Kirim, atau tambah dulu?",  # a template
        "Halaman tidak ada",  # a page that refuses
        "Laporan TIDAK tersimpan",  # a notice
        "Tunggu %(wait)s, lalu coba lagi.",  # a module
    ):
        assert said in texts
    assert "" not in texts
