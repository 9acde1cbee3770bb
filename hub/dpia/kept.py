"""What each table of the hub keeps, in Indonesian: of whom, what for, and whether it is sealed. Pure.

A test holds that every table of the models stands here and no other.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import peewee

import hub

SEALED, PLAIN, PARTLY = "disegel dengan kunci tiap laporan", "terbuka", "sebagian disegel"
REPORTER, NAMED, STAFF, NOBODY = "pelapor", "orang yang disebut", "petugas", "bukan orang"


@dataclass(frozen=True)
class Kept:
    """What one table keeps. `whom` is whose data, `how` whether the database holds it readable."""

    what: str
    why: str
    whom: str = NOBODY
    how: str = PLAIN


_BOTH: Final = f"{REPORTER}, {NAMED}"
_LINKING, _INBOX, _SYNC = (
    "menemukan laporan yang berkaitan",
    "mengurutkan pekerjaan",
    "pertukaran dengan desa",
)
_ACCESS, _DUTY, _CASE = "bukti siapa melihat apa", "laporan mendesak dibaca", "menangani kasus"
_WARN: Final = "peringatan dini"
_SERIES: Final = "melihat angka lembaga lain di samping laporan"
_KEEPING, _REFER = "menghapus pada waktunya", "merujuk ke lembaga"

TABLES: Final[Mapping[str, Kept]] = {
    "report": Kept(
        "laporan: isi, jenis, waktu, apakah dari kotak yang dicabut",
        "menerima dan menilai laporan",
        _BOTH,
        PARTLY,
    ),
    "envelope": Kept("kiriman seperti datangnya", "dibaca versi berikut", _BOTH, SEALED),
    "addition": Kept("tambahan dari pelapor", "menerima dan menilai laporan", _BOTH, PARTLY),
    "attachment_piece": Kept("letak potongan foto dan suara", "menunjukkan lampiran", REPORTER),
    "withdrawal": Kept("penarikan laporan dan alasannya", "berhenti memakai data", REPORTER),
    "answer": Kept("jawaban kepada pelapor", "menjawab pelapor", REPORTER, PARTLY),
    "report_key": Kept("kunci laporan dan rujukan, terbungkus", "menyegel dan melupakan"),
    "forgotten_report": Kept("bahwa ada laporan, tanpa isinya", "hitungan; tidak diterima lagi"),
    "arrival": Kept("laporan yang menunggu tempatnya", _INBOX),
    "triage": Kept("keadaan laporan dan pemegangnya", _INBOX, f"{REPORTER}, {STAFF}"),
    "triage_step": Kept("langkah penilaian dan alasannya", "dapat dijelaskan", f"{NAMED}, {STAFF}", PARTLY),
    "triage_score": Kept("skor triase tiap laporan, tanpa tempat dan tanpa orang", _INBOX, NAMED),
    "triage_override": Kept(
        "tingkat triase yang diganti petugas", "dapat dijelaskan", f"{NAMED}, {STAFF}", PARTLY
    ),
    "random_draw": Kept("laporan yang terpilih acak untuk diverifikasi", "belajar dari hasil", NAMED),
    "random_excuse": Kept(
        "laporan yang dikeluarkan dari undian", "dapat dijelaskan", f"{NAMED}, {STAFF}", PARTLY
    ),
    "weight_table": Kept("tabel bobot skor, tanpa orang", "belajar dari hasil", STAFF),
    "weight_switch": Kept("siapa mengganti bobot dan mengapa", "dapat dijelaskan", STAFF),
    "shadow_score": Kept("skor percobaan, tidak ditampilkan", "belajar dari hasil", NAMED),
    "staff_comment": Kept("komentar petugas", "kerja bersama", f"{NAMED}, {STAFF}", PARTLY),
    "saved_filter": Kept("saringan milik petugas", _INBOX, STAFF),
    "search_doc": Kept("kata yang dapat dicari", "mencari", _BOTH),
    "case_file": Kept("kasus: judul dan keadaan", _CASE, NAMED),
    "case_report": Kept("laporan dalam kasus", _CASE, REPORTER),
    "case_person": Kept("orang dalam kasus: nama, telepon, catatan", _CASE, NAMED),
    "case_place": Kept("tempat dalam kasus", _CASE, NAMED),
    "case_task": Kept("tugas dan tenggatnya", _CASE, STAFF),
    "case_step": Kept("riwayat kasus", "dapat dijelaskan", f"{NAMED}, {STAFF}"),
    "case_merge": Kept("kasus yang digabung", _CASE),
    "link_due": Kept("laporan yang akan dikaitkan", _LINKING, REPORTER),
    "link_evidence": Kept("nama, nomor, tempat, kata dari laporan", _LINKING, _BOTH),
    "link_posting": Kept("indeks bukti, tanpa teks", _LINKING, NAMED),
    "link_count": Kept("seberapa sering kata muncul", _LINKING, NAMED),
    "link_suggestion": Kept("usulan kaitan dan buktinya", _LINKING, NAMED),
    "link_decision": Kept("keputusan petugas dan alasannya", "dapat dijelaskan", f"{NAMED}, {STAFF}"),
    "link_decision_piece": Kept("jenis bukti tiap keputusan", "mengukur usulan"),
    "link_group": Kept("orang yang dicermati dan peristiwa, sebagai nomor", _LINKING, NAMED),
    "link_member": Kept("laporan tiap orang dan peristiwa", _LINKING, NAMED),
    "wrongly_named": Kept("koreksi orang yang salah disebut", "memperbaiki data", f"{NAMED}, {STAFF}"),
    "wrongly_named_report": Kept("laporan yang menyebutnya", "memperbaiki data", NAMED),
    "signal": Kept("sinyal: wilayah, keadaan, hitungan, judul dari petugas", _WARN, STAFF),
    "signal_sighting": Kept("temuan aturan di balik sinyal, sebagai hitungan", _WARN, STAFF),
    "signal_report": Kept("laporan di balik sinyal", _WARN, REPORTER),
    "signal_step": Kept(
        "riwayat sinyal, alasan dan komentar petugas", "dapat dijelaskan", f"{NAMED}, {STAFF}"
    ),
    "partner": Kept("lembaga mitra dan kontaknya", _REFER, "petugas lembaga"),
    "partner_account": Kept("akun lembaga mitra", _REFER, "petugas lembaga"),
    "referral": Kept("rujukan: berkas yang diteruskan", _REFER, _BOTH, PARTLY),
    "referral_report": Kept("laporan dalam rujukan", _REFER, REPORTER),
    "referral_step": Kept("riwayat dan jawaban lembaga", _REFER, f"{NAMED}, {STAFF}", PARTLY),
    "import_batch": Kept("berkas impor yang diperiksa, sehari", "menerima kasus lembaga lain", NAMED),
    "imported_case": Kept("asal kasus impor dan isinya", "menerima kasus lembaga lain", NAMED),
    "other_series": Kept("seri angka lembaga lain: nama, wilayah, cara mengawasi", _SERIES, STAFF),
    "other_count": Kept("angka mingguan lembaga lain, tanpa orang", _SERIES),
    "other_import": Kept("berkas angka yang diperiksa, sehari, tanpa kolom orang", _SERIES, STAFF),
    "other_change": Kept("angka mana diubah impor mana", _SERIES),
    "other_mapping": Kept("arti kolom berkas tiap lembaga", _SERIES),
    "other_finding": Kept("minggu yang lebih dari biasa", _SERIES),
    "retention_due": Kept("laporan yang jatuh tempo", _KEEPING, REPORTER),
    "retention_hold": Kept("penahanan untuk perkara dan alasannya", "bukti di pengadilan", STAFF),
    "rights_clock": Kept("permintaan hak dan kebocoran, tanpa nama peminta", "tenggat 3 x 24 jam", STAFF),
    "audit_entry": Kept("siapa melihat atau mengubah apa, kapan", _ACCESS, STAFF),
    "audit_tree": Kept("ukuran catatan akses", _ACCESS),
    "audit_node": Kept("pohon Merkle catatan akses", _ACCESS),
    "audit_head": Kept("kepala catatan yang ditandatangani", _ACCESS),
    "user": Kept("akun: nama, peran, hash kata sandi, kode masuk tersegel", "masuk", STAFF, PARTLY),
    "user_area": Kept("wilayah akun", "membatasi yang dilihat", STAFF),
    "user_session": Kept("sesi yang sedang masuk", "masuk", STAFF),
    "recovery_code": Kept("hash kode pemulihan", "masuk", STAFF),
    "sign_in_failure": Kept("hitungan gagal masuk", "menahan tebakan", STAFF),
    "duty_shift": Kept("giliran piket", _DUTY, STAFF),
    "duty_change": Kept("hari khusus piket", _DUTY, STAFF),
    "duty_contact": Kept("surel dan telepon petugas piket", _DUTY, STAFF),
    "duty_ring": Kept("panggilan tiap laporan mendesak", _DUTY, REPORTER),
    "duty_message": Kept("pesan kepada petugas, tanpa isi laporan", _DUTY, STAFF),
    "duty_call": Kept("siapa dipanggil untuk apa", _DUTY, STAFF),
    "duty_way": Kept("keadaan surel dan program panggilan", _DUTY),
    "duty_hours": Kept("jam layanan yang dikirim ke desa", _DUTY),
    "node": Kept("kotak desa, kuncinya, kapan terdengar, petugas yang mencocokkan sidiknya", _SYNC),
    "hub_key": Kept("kunci hub yang berlaku dan yang sudah dimusnahkan, bagian terbuka", _SYNC),
    "node_hub_key": Kept("kunci hub mana yang dipakai kotak desa", _SYNC),
    "kept_key": Kept("kunci tiap kiriman dari kunci hub lama", "membuka laporan lama", REPORTER, SEALED),
    "late_epoch": Kept("kiriman yang datang setelah kuncinya musnah, jumlahnya", _SYNC),
    "epoch": Kept("masa nyala kotak desa", _SYNC),
    "held": Kept("kiriman yang sudah diterima", _SYNC),
    "down": Kept("kiriman ke desa, tersegel untuk kotaknya", _SYNC, REPORTER),
    "contact": Kept("kapan kotak terdengar lewat apa", _SYNC),
    "link_day": Kept("mutu radio tiap hari", _SYNC),
    "radio_day": Kept("pemakaian radio hub tiap hari", _SYNC),
    "week_count": Kept("jumlah laporan per minggu, wilayah, dan jenis", "gambar dan angka"),
    "week_flow": Kept("jumlah laporan per minggu menurut dari mana, lewat mana, ke mana", "gambar"),
    "village_weeks": Kept("jumlah laporan per minggu, desa, dan jenis", "melihat lonjakan dan senyap"),
    "week_delay": Kept("berapa minggu laporan terlambat datang, jumlahnya", "melihat lonjakan dan senyap"),
    "watch_run": Kept("minggu yang sudah diperiksa", "melihat lonjakan dan senyap"),
    "watch_finding": Kept("temuan tiap minggu: wilayah, jenis, jumlah", "melihat lonjakan dan senyap"),
    "weekly_report": Kept(
        "laporan mingguan sebagai angka: tanpa nama, tanpa isi laporan; tetap setelah laporan dihapus",
        "angka minggu itu tetap sama",
    ),
    "weekly_receiver": Kept("alamat surel penerima laporan mingguan", "mengirim angka", STAFF),
    "weekly_mail": Kept("laporan mingguan mana sampai di alamat mana", "mengirim angka"),
    "week_destination": Kept("jumlah laporan per minggu dan negara tujuan", "gambar dan angka"),
    "session_summary": Kept("jumlah peserta penyuluhan, tanpa nama", "mengukur penyuluhan"),
    "notice": Kept("pengumuman untuk desa", "memberi tahu desa", STAFF),
    "notice_seen": Kept("desa mana menerima pengumuman", "memberi tahu desa"),
    "bulletin": Kept("buletin peringatan, tanpa orang di dalamnya", "memberi tahu desa", STAFF),
    "bulletin_alert": Kept("pesan CAP untuk lembaga lain", "memberi tahu lembaga"),
    "bulletin_receiver": Kept("lembaga yang diberi tahu", "memberi tahu lembaga", "petugas lembaga"),
    "bulletin_delivery": Kept("pesan mana sampai di lembaga mana", "memberi tahu lembaga"),
    "subscriber": Kept(
        "siapa meminta buletin lewat SMS atau Telegram: alamat, wilayah, bahasa; sampai BERHENTI, "
        "atau 60 hari tidak terjangkau",
        "memberi tahu pelanggan",
        "pelanggan buletin, tanpa nama",
        PARTLY,
    ),
    "subscription_stop": Kept(
        "sidik kunci nomor yang berhenti, 400 hari: permintaan lama tidak berlaku lagi",
        "memberi tahu pelanggan",
    ),
    "subscriber_message": Kept("pesan buletin mana sampai, tanpa alamat; 90 hari", "memberi tahu pelanggan"),
    "machine_reading": Kept(
        "terjemahan, tulisan suara, ringkasan buatan mesin, dan koreksi petugas; hilang bersama laporan",
        "petugas memahami laporan",
        REPORTER,
        PARTLY,
    ),
    "gap": Kept("celah materi: keputusan petugas dan jawaban umum", "melengkapi materi", STAFF),
    "gap_question": Kept(
        "pertanyaan dari desa tanpa penanyanya; 365 hari, atau 90 hari sesudah diputus",
        "melengkapi materi",
        "penanya, tanpa nama",
        PARTLY,
    ),
    "fleet_box": Kept("keadaan kotak desa: jam, kartu, listrik, radio, versi", "merawat kotak"),
    "fleet_trouble": Kept("masalah kotak desa, sejak kapan", "merawat kotak"),
    "fleet_release": Kept("rilis program untuk kotak desa", "merawat kotak"),
    "fleet_release_part": Kept("isi rilis program", "merawat kotak"),
    "fleet_update": Kept("versi program tiap kotak desa", "merawat kotak"),
    "fleet_rollout": Kept(
        "apa yang disebarkan ke kotak desa, oleh siapa dan mengapa", "merawat kotak", STAFF
    ),
    "fleet_rollout_box": Kept("sampai mana tiap kotak dalam penyebaran", "merawat kotak"),
    "fleet_settings": Kept("setelan yang dipakai kotak desa", "merawat kotak"),
    "fleet_settings_sent": Kept("setelan yang dikirim ke kotak desa", "merawat kotak"),
    "fleet_receiver": Kept("siapa diberi tahu tentang kotak desa", "merawat kotak", STAFF),
    "radio_plan": Kept("pengaturan dan kunci saluran radio tiap wilayah", "merawat kotak"),
    "content_pack": Kept("materi penyuluhan", "memberi tahu desa"),
    "node_content": Kept("materi yang ada di desa", "memberi tahu desa"),
    "forwarded_report": Kept(
        "laporan yang diteruskan ke hub di atasnya", "meneruskan ke pusat", REPORTER, PARTLY
    ),
    "forwarded_follow_up": Kept("tambahan dan penarikan yang diteruskan", "meneruskan ke pusat", REPORTER),
    "export_made": Kept("siapa mengekspor berapa baris, kapan", _ACCESS, STAFF),
    "public_table": Kept("angka terbuka tiap triwulan, yang kecil disembunyikan", "memberi tahu umum"),
    "phone_report": Kept("cap formulir dari ponsel dan nomor tokennya", "laporan tidak masuk dua kali"),
    "phone_file": Kept("cap nama lampiran dari ponsel", "lampiran tidak masuk dua kali"),
    "api_token": Kept("hash token program dan batasnya", "program kantor membaca", STAFF),
    "setting": Kept("keadaan hub: hitungan dan tanda", "menjalankan hub"),
    "job_run": Kept("kapan pekerjaan berkala berjalan", "menjalankan hub"),
    "used_form": Kept("formulir yang sudah dipakai, nomor acak", "tidak menghitung dua kali"),
}


def model_tables() -> dict[str, tuple[str, ...]]:
    """Return the columns of every table of the hub's models, by the table's name."""
    found: dict[str, tuple[str, ...]] = {}
    for module in pkgutil.walk_packages(hub.__path__, "hub."):
        last = module.name.rpartition(".")[2]
        if last != "models" and not last.endswith("_models"):
            continue
        for model in vars(importlib.import_module(module.name)).values():
            if isinstance(model, type) and issubclass(model, peewee.Model) and model is not peewee.Model:
                meta: Any = model._meta
                found[meta.table_name] = tuple(field.column_name for field in meta.sorted_fields)
    return found
