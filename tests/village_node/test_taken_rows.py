"""A report is one statement, whole or not at all."""

from __future__ import annotations

import peewee
import pytest
from village import Region, dump

from village_node.taken_rows import FormUsedBefore


def add(region: Region, find: bytes, token_hash: bytes | None, counter: int | None = None) -> None:
    node = region.node()
    sealed = node.chain.seal(b"\x10")
    place = sealed.id if counter is None else type(sealed.id)(sealed.id.epoch, sealed.id.lane, counter)
    node.log.add_report(
        place,
        sealed.ciphertext,
        find=find,
        urgent=False,
        token_hash=token_hash,
        stamp=node.times.stamp(),
        sign=(7, find[::-1]),
    )


def test_the_second_report_of_a_second_is_one_statement_of_its_transaction(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(region, b"find-1__", b"token-1")
    statements: list[str] = []
    database = region.node().log._db
    execute = database.execute_sql

    def noted(sql: str, *rest: object, **more: object) -> object:
        statements.append(sql.split()[0])
        return execute(sql, *rest, **more)

    monkeypatch.setattr(database, "execute_sql", noted)
    add(region, b"find-2__", b"token-2")
    assert statements.count("INSERT") == 1
    assert not {"SELECT", "CREATE"} & set(statements)
    found = dump(region.node_folder())
    assert [len(found[table]) for table in ("envelope", "form_use", "receipt", "receipt_sign", "step")] == [
        2
    ] * 5


@pytest.mark.parametrize("first", [True, False])
def test_what_cannot_be_kept_whole_is_not_kept(region: Region, first: bool) -> None:
    if not first:  # the view stands already
        add(region, b"find-0__", None)
    add(region, b"find-1__", b"token-1", counter=500)
    before = dump(region.node_folder())
    with pytest.raises(FormUsedBefore):
        add(region, b"find-2__", b"token-1")
    with pytest.raises(peewee.IntegrityError, match="envelope"):
        add(region, b"find-3__", b"token-3", counter=500)
    with pytest.raises(peewee.IntegrityError, match="receipt"):
        add(region, b"find-1__", b"token-4")
    assert dump(region.node_folder()) == before
    add(region, b"find-5__", b"token-5")


def test_after_a_first_report_that_failed_the_next_is_kept(region: Region) -> None:
    sealed = region.node().chain.seal(b"\x10")
    with pytest.raises(peewee.IntegrityError):  # as if a table refused it: the view goes back with it
        region.node().log.add_report(
            sealed.id,
            None,  # type: ignore[arg-type]
            find=b"find-1__",
            urgent=False,
            token_hash=None,
            stamp=region.node().times.stamp(),
        )
    add(region, b"find-2__", None)
    assert len(dump(region.node_folder())["receipt"]) == 1
