"""The text of a notice about a breach."""

from __future__ import annotations

from hub.retention.breach_notice import TO_WRITE, UNVERIFIED, notice_text
from hub.retention.rights_services import Breach


def test_it_says_what_was_told_and_marks_what_nobody_checked() -> None:
    told = Breach("nama dan nomor telepon $5 dari 12 laporan", "", "kunci diganti")
    text = notice_text(told, hub="Pusat", known_at="Senin, 1 Februari 2027", due_at="Kamis, 4 Februari 2027")
    assert "Dari: Pusat" in text
    assert "$5 dari 12 laporan" in text
    assert "kunci diganti" in text
    assert "paling lambat 3 x 24 jam" in text
    assert "Batas waktunya Kamis, 4 Februari 2027" in text
    for line in ("1. Data pribadi", "2. Kapan", "3. Apa yang"):
        [heading] = [one for one in text.splitlines() if one.startswith(line)]
        assert heading.endswith(UNVERIFIED)
    assert text.splitlines()[text.splitlines().index(heading) - 2] == TO_WRITE  # of the second part
