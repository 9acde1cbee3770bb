"""Texts of templates: how they are looked up while a page is drawn."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

from hub.languages import look_up, look_up_counted


def translate_templates(environment: Environment) -> None:
    """Give templates `_("...")`, `{% trans %}` and `{% pluralize %}`.

    Texts of templates are HTML as they stand there; what is filled in is escaped.
    """
    translated: Any = environment
    translated.add_extension("jinja2.ext.i18n")
    translated.install_gettext_callables(look_up, look_up_counted, newstyle=True)
    translated.policies["ext.i18n.trimmed"] = True
