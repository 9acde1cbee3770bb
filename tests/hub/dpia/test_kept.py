"""Every table of the hub is described, and no other."""

from __future__ import annotations

from village import Region, dump

from hub.dpia.kept import TABLES, model_tables

NOT_OURS = ("search_words", "sqlite_", "schema_migration")
"""The index of words, which is made of search_doc, and what the database and its migrations keep."""


def test_every_table_of_the_models_stands_in_the_list_and_no_other() -> None:
    there = set(model_tables())
    assert there - set(TABLES) == set(), "say in hub/dpia/kept.py what these keep"
    assert set(TABLES) - there == set(), "no such table any more"


def test_the_models_are_all_tables_of_the_database(region: Region) -> None:
    assert region.hub.store is not None
    tables = {name for name in dump(region.hub_folder) if not name.startswith(NOT_OURS)}
    assert tables == set(model_tables())


def test_columns_come_from_the_models() -> None:
    assert model_tables()["report_key"] == ("owner", "wrapped")
