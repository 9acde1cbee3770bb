"""Addresses of a site are built as Werkzeug builds them, and compiled only when they are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from sync.site_rules import SiteRule

ADDRESSES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/laporan/<name>/lampiran/<int:number>", {"name": "a b/c?", "number": 7}),
    ("/laporan/<name>/lampiran/<int:number>", {"name": "a", "number": 7, "still": "1&2", "self": "x"}),
    ("/static/<path:filename>", {"filename": "a/b c.css"}),
    ("/peta", {}),
    ("/peta", {"minggu": 4, "rule": "x"}),
)


def built(kind: type[Rule], address: str, values: dict[str, Any], unknown: bool) -> str:
    site = Map([kind(address, endpoint="page", defaults={"page": 1} if "lampiran" in address else None)])
    return site.bind("hub.example", "/").build("page", values, append_unknown=unknown)


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("address", "values"), ADDRESSES)
def test_it_builds_what_werkzeug_builds(address: str, values: dict[str, Any], unknown: bool) -> None:
    assert built(SiteRule, address, values, unknown) == built(Rule, address, values, unknown)


def test_an_address_that_cannot_be_built_is_refused_as_before() -> None:
    site = Map([SiteRule("/laporan/<int:number>", endpoint="page")]).bind("hub.example", "/")
    assert site.match("/laporan/7") == ("page", {"number": 7})
    for kind in (Rule, SiteRule):
        adapter = Map([kind("/laporan/<int:number>", endpoint="page")]).bind("hub.example", "/")
        with pytest.raises(ValueError, match="invalid literal"):
            adapter.build("page", {"number": "seven"})


def test_nothing_is_compiled_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_builder = Rule._compile_builder

    def watched(rule: Rule, append_unknown: bool = True) -> Any:
        compiled.append(rule.rule)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", watched)
    site = Map([SiteRule("/satu", endpoint="one"), SiteRule("/dua", endpoint="two")]).bind("hub.example", "/")
    assert site.match("/satu") == ("one", {})
    assert compiled == []
    assert [site.build("two"), site.build("two")] == ["/dua", "/dua"]
    assert compiled == ["/dua"]
