"""A number that no row can have is no page, and no fault."""

from __future__ import annotations

from office import Officer
from village import Region

from hub.web.row_numbers import ROW_NUMBER_MAX


def test_a_number_beyond_all_rows_is_no_page(region: Region) -> None:
    budi = Officer(region, "budi", "supervisor")
    budi.sign_in()
    for number in (ROW_NUMBER_MAX, ROW_NUMBER_MAX + 1, 10**40):
        for path in ("/orang/{}", "/hak/{}/pemberitahuan", "/pengumuman/{}", "/desa/{}", "/orang/{}/koreksi"):
            assert budi.get(path.format(number)).status_code == 404, path
