"""What was deleted leaves the files of the database."""

from __future__ import annotations

from village import Region

from hub.models import Setting
from hub.storage.opening import on_postgres
from hub.storage.wiping import wipe_deleted

MARK = b"Zebrafinken" * 4


def test_deleted_rows_leave_the_files(region: Region) -> None:
    database, writer = region.hub.store.database, region.hub.store.writer
    writer.run(lambda: Setting.insert(key="x", value=MARK).execute(database))
    writer.run(lambda: Setting.delete().where(Setting.key == "x").execute(database))
    wipe_deleted(database, ["setting"])
    if not on_postgres(database):
        held = b"".join(file.read_bytes() for file in region.hub_folder.glob("*.sqlite3*"))
        assert MARK not in held
    assert not Setting.select().where(Setting.key == "x").exists(database)
