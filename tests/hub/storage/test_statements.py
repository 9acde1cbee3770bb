"""Statements that both databases take."""

from __future__ import annotations

import peewee
import pytest
from village import Region

from hub.accounts.models import User
from hub.models import Answer, Contact, Envelope, NoticeSeen
from hub.storage.statements import insert_new, insert_once, insert_rows, places, put, run


def test_put_inserts_and_then_replaces(region: Region) -> None:
    database = region.hub.store.database
    row = {"name": "sari", "role": "analyst", "password_hash": "x"}
    put(User, row).execute(database)
    put(User, {**row, "role": "auditor"}).execute(database)
    assert [(user.name, user.role) for user in User.select().execute(database)] == [("sari", "auditor")]


def test_put_takes_several_rows_under_a_key_of_two_columns(region: Region) -> None:
    database = region.hub.store.database
    rows = [{"node": 1, "via": via, "at": at} for via, at in (("http", 1.5), ("radio", 2.5))]
    put(Contact, rows).execute(database)
    put(Contact, [{**rows[0], "at": 9.25}]).execute(database)
    found = {row.via: row.at for row in Contact.select().execute(database)}
    assert found == {"http": 9.25, "radio": 2.5}


def test_a_new_row_s_number_is_returned(region: Region) -> None:
    database = region.hub.store.database
    row = {"report": "x", "text": "Ya.", "asks": False, "written_at": 1, "written_by": "sari"}
    first, second = insert_new(database, Answer, **row), insert_new(database, Answer, **row)
    assert [answer.id for answer in Answer.select().order_by(Answer.id).execute(database)] == [first, second]


def test_a_row_whose_key_is_there_is_not_inserted(region: Region) -> None:
    database = region.hub.store.database
    row = {"notice": 1, "node": 2, "step": 1, "at": None, "told_at": 1.0}
    assert insert_once(database, NoticeSeen, row)
    assert not insert_once(database, NoticeSeen, {**row, "told_at": 2.0})
    assert [seen.told_at for seen in NoticeSeen.select().execute(database)] == [1.0]


def test_rows_inserted_as_they_are_read_back_equal(region: Region) -> None:
    database = region.hub.store.database
    rows = [
        {"epoch": b"\x00\xff", "lane": 1, "counter": 2**40 + n, "sealed": bytes([n]), "via": "http",
         "received_at": 0.1 + n, "readable": bool(n), "owner": None}
        for n in range(3)
    ]  # fmt: skip
    insert_rows(database, Envelope, rows)
    insert_rows(database, Envelope, [])
    found = list(Envelope.select().order_by(Envelope.counter).dicts().execute(database))
    assert [{**row, "epoch": bytes(row["epoch"]), "sealed": bytes(row["sealed"])} for row in found] == rows


def test_a_statement_with_places_runs_on_both_and_tells_how_many_rows_it_changed(region: Region) -> None:
    database = region.hub.store.database
    rows = [{"node": n, "via": "http", "at": 1.5} for n in (1, 2, 3)]
    insert_rows(database, Contact, rows)
    changed = run(database, f"UPDATE contact SET at = ? WHERE node IN {places(2)}", (2.5, 1, 3))
    assert changed.rowcount == 2
    found = run(database, "SELECT node, at FROM contact WHERE via = ? ORDER BY node", ("http",)).fetchall()
    assert [tuple(row) for row in found] == [(1, 2.5), (2, 1.5), (3, 2.5)]


def test_a_statement_that_the_database_refuses_raises_peewee_s_error(region: Region) -> None:
    database = region.hub.store.database
    row = {"node": 1, "via": "http", "at": 1.5}
    insert_rows(database, Contact, [row])
    with pytest.raises(peewee.IntegrityError), database.atomic():
        insert_rows(database, Contact, [row])
