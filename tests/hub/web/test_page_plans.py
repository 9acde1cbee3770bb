"""No page makes SQLite walk over a table that grows with the reports: each page of the map of routes, as an
account with and one without areas, on a hub that holds a few thousand.

PostgreSQL plans by the size of its tables: it is measured by `scripts/measure-pages-at-scale`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from every_page import EveryPage, Page, roles_of
from full_hub import FullHub
from page_plans import walked
from village import NOW_S, Region, quick_folder

ROUTES = Path(__file__).with_name("routes.txt")
BY_MEASURE = "suggestions.show_measures"
"""It counts decisions, of which people make each: not reports."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EveryPage]:
    with quick_folder(tmp_path_factory.mktemp("plans")) as folder:
        region = Region(folder)
        store = region.hub.store
        FullHub(store, 3_000, 60, now=NOW_S, rng=random.Random(1), districts=12).fill()
        store.week_counts.rebuild()
        yield EveryPage(store, region.hub.create_app())
        region.close()


def test_the_counters_of_a_filled_hub_are_what_its_reports_say(site: EveryPage) -> None:
    assert site.store.week_counts.problems() == 0
    assert site.store.audit.problem() is None


def test_no_page_walks_over_what_grows_with_the_reports(site: EveryPage) -> None:
    asked: dict[str, tuple[Any, Page]] = {}
    wrong: list[tuple[str, str, int]] = []
    database = site.store.database
    execute = database.execute_sql

    for page in site.pages(roles_of(ROUTES.read_text("utf-8"))):
        if page.endpoint.endswith("_png") or page.endpoint == BY_MEASURE:
            continue  # a PNG is drawn from what the SVG asks

        def noting(sql: str, params: Any = None, *, page: Page = page) -> Any:
            if sql.startswith(("SELECT", "UPDATE", "DELETE")):
                asked.setdefault(sql, (params, page))
            return execute(sql, params)

        database.execute_sql = noting
        try:
            following: Page | None = page
            for _ in range(2):
                if following is None:
                    break
                answer = site.ask(following)
                if answer.status_code >= 500:
                    wrong.append((following.endpoint, following.what, answer.status_code))
                following = site.following(following, answer)
        finally:
            del database.execute_sql
    assert wrong == []
    assert len(asked) > 150
    database.connect(reuse_if_open=True)
    walks = {
        (page.endpoint, page.what, page.account, line, sql[:300])
        for sql, (params, page) in asked.items()
        for line in walked(execute, sql, params)
    }
    assert walks == set(), f"{len(walks)} walks"
    assert [sql for sql in asked if adds_scores_up(sql)] == []
    assert any('"triage_score"' in sql for sql in asked)


def adds_scores_up(sql: str) -> bool:
    """Tell whether a statement counts or sums over scores, of whatever area or people."""
    of_scores = re.search(r'triage_score|triage_override|"band"|"points"', sql)
    is_sum = re.search(r"\b(SUM|COUNT|AVG|MIN|MAX)\s*\(|GROUP BY", sql)
    return of_scores is not None and is_sum is not None and '"link_decision"' not in sql
