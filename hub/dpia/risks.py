"""Risks for people, what is done against them, and the tests that hold it, in Indonesian. Pure.

Taken from docs/threat-model.md, whose table names the same tests: a test holds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Risk:
    """One risk; `tests` are names as pytest takes them."""

    risk: str
    measure: str
    tests: tuple[str, ...]


RISKS: Final[tuple[Risk, ...]] = (
    Risk(
        "Kartu kotak desa dicuri",
        "laporan disegel sebelum disimpan; kunci hanya di memori",
        ("tests/journeys/test_nothing_leaks.py::test_the_thief_of_the_card_and_the_air_opens_nothing",),
    ),
    Risk(
        "Kata laporan tertinggal di berkas atau log",
        "isi hanya di memori; log tidak memuat teks",
        ("tests/journeys/test_nothing_leaks.py::test_no_word_of_any_report_lies_in_the_folder",),
    ),
    Risk(
        "Foto atau suara mengungkap pelapor",
        "hanya piksel dan bunyi yang diteruskan, dalam berkas baru",
        (
            "tests/sync/media/test_pictures.py::test_only_pixels_go_on",
            "tests/sync/media/test_sounds.py::test_only_the_sound_goes_on",
        ),
    ),
    Risk(
        "Ponsel fasilitator hilang atau tokennya dicuri",
        "token hanya mengirim, untuk wilayahnya, dapat dicabut; laporan dihapus dari ponsel setelah terkirim",
        (
            "tests/hub/web/test_openrosa.py::test_a_token_for_filing_reads_nothing",
            "tests/hub/web/test_openrosa.py::test_without_a_token_for_filing_nothing_is_told",
        ),
    ),
    Risk(
        "Orang lain menambah atau menarik laporan",
        "perlu kode tanda terima; tebakan diperlambat",
        ("tests/village_node/test_follow_ups.py::test_a_wrong_code_adds_nothing_and_counts_as_a_guess",),
    ),
    Risk(
        "Akun petugas dipakai orang lain",
        "kode masuk kedua, wajib untuk penyelia dan administrator",
        ("tests/hub/accounts/test_second_factor.py::test_signing_in_needs_both_and_codes_cannot_be_guessed",),
    ),
    Risk(
        "Petugas membaca laporan wilayah lain",
        "wilayah tiap akun; yang di luar sama dengan tidak ada",
        (
            "tests/hub/web/test_route_roles.py::test_another_area_s_id_is_as_unknown_as_one_that_is_not_there",
            "tests/hub/web/test_route_roles.py::test_lists_show_an_account_its_areas_alone",
        ),
    ),
    Risk(
        "Jejak siapa melihat dihapus",
        "catatan akses Merkle, kepalanya ditandatangani tiap hari",
        (
            "tests/hub/audit/test_log.py::test_the_doctor_sees_a_log_that_was_changed",
            "tests/hub/audit/test_verifying.py::TestAgainstAnOlderHead::test_a_log_that_was_cut_and_signed_again_shows",
        ),
    ),
    Risk(
        "Salinan cadangan dicuri",
        "kunci tiap laporan, dibungkus rahasia di luar basis data; kunci tidak ada dalam salinan",
        ("tests/hub/retention/test_key_copies.py::test_a_copy_of_the_database_holds_neither_keys_nor_words",),
    ),
    Risk(
        "Yang dihapus masih terbaca",
        "semua pergi dalam satu transaksi dengan kuncinya",
        (
            "tests/hub/retention/test_forgetting.py::test_no_file_of_the_hub_holds_its_words",
            "tests/hub/retention/test_key_copies.py::test_the_nightly_copies_share_the_newest_keys",
        ),
    ),
    Risk(
        "Rujukan memuat lebih dari yang perlu",
        "bidang dan kata dipilih; semua berkas dibuat dari satu berkas induk",
        (
            "tests/hub/referrals/test_files.py::test_no_hidden_word_is_in_any_byte_of_any_file",
            "tests/hub/referrals/test_hiding.py::test_a_word_is_gone_however_it_is_written",
        ),
    ),
    Risk(
        "Laporan diteruskan walau pelapor menolak",
        "orang kedua memutuskan; yang ditarik tidak dirujuk",
        (
            "tests/hub/referrals/test_referrals.py::test_who_asked_not_to_be_passed_on_needs_a_second_person",
            "tests/hub/referrals/test_referrals.py::test_what_a_reporter_took_back_is_referred_no_more",
        ),
    ),
    Risk(
        "Rujukan terbaca dalam salinan atau setelah laporannya dihapus",
        "kunci tiap versi rujukan, dihapus bersama laporannya",
        (
            "tests/hub/referrals/test_sealing.py::test_no_row_holds_a_word_of_a_dossier",
            "tests/hub/referrals/test_sealing.py::test_forgetting_deletes_the_key_of_every_version",
        ),
    ),
    Risk(
        "Orang salah disebut sebagai perekrut",
        "tidak ada yang digabung tanpa keputusan orang; koreksi oleh penyelia",
        (
            "tests/hub/links/test_corrections.py::test_a_marked_person_is_nowhere_and_undoing_brings_all_back",
            "tests/hub/web/test_correction_pages.py::test_a_supervisor_corrects_and_every_report_says_so",
        ),
    ),
    Risk(
        "Permintaan hak terlambat",
        "tenggat 3 x 24 jam tampak di atas daftar laporan",
        ("tests/hub/retention/test_rights.py::test_overdue_ones_lead_and_a_day_ahead_it_is_said",),
    ),
)

LEFT_OVER: Final = (
    "Siapa memegang mesin hub dapat membaca: disk hub harus dienkripsi.",
    "Kata pencarian, bukti kaitan, dan kasus terbuka di basis data hub.",
    "Suara dan wajah dalam lampiran tetap dikenali.",
    "Isian pada Wi-Fi desa lewat tanpa HTTPS.",
    "Yang sudah dibaca lembaga mitra tidak dapat ditarik kembali.",
    "PostgreSQL menyimpan sisa data yang dihapus untuk sementara.",
)
"""What docs/threat-model.md says is not promised, as far as it concerns what the hub keeps."""
