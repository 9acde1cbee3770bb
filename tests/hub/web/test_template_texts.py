from __future__ import annotations

from jinja2 import Environment

from hub.languages import speaking
from hub.web.template_texts import translate_templates


def drawn(source: str, **values: object) -> str:
    environment = Environment(autoescape=True)
    translate_templates(environment)
    return environment.from_string(source).render(**values)


def test_texts_are_translated_when_drawn_and_what_is_filled_in_is_escaped() -> None:
    source = "{% trans name=one %}Rujukan {{ name }}{% endtrans %}, {{ _('Laporan') }}"
    assert drawn(source, one="<b>") == "Rujukan &lt;b&gt;, Laporan"
    with speaking("en"):
        assert drawn(source, one="<b>") == "Referral &lt;b&gt;, Report"


def test_counts_have_their_form() -> None:
    source = (
        "{% trans answers=n %}{{ answers }} jawaban{% pluralize answers %}{{ answers }} jawaban{% endtrans %}"
    )
    with speaking("en"):
        assert [drawn(source, n=n) for n in (1, 3)] == ["1 answer", "3 answers"]
    assert drawn(source, n=1) == "1 jawaban"
