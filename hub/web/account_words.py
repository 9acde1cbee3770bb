"""Roles, areas, refusals and entries of the log in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hub.account_services import MIN_PASSWORD_CHARACTERS
from hub.languages import N_
from hub.services import COMMAND_LINE
from hub.warning.services import RULES
from hub.web.state_words import STATE_WORDS, VALUE_WORDS
from sync.areas.table import area_names

ROLE_WORDS: Mapping[str, str] = {
    "analyst": N_("analis"),
    "supervisor": N_("penyelia"),
    "administrator": "administrator",
    "auditor": "auditor",
    "agency": N_("lembaga mitra"),
}

REFUSAL_WORDS: Mapping[str, str] = {
    "name": N_("Nama akun berisi 1 sampai 64 huruf atau angka."),
    "role": N_("Pilih salah satu peran dari daftar."),
    "area": N_("Ada kode wilayah yang tidak dikenal. Tulis kode seperti 52 atau 52.02, dipisah spasi."),
    "short": N_("Kata sandi paling sedikit %(least)s huruf.", least=MIN_PASSWORD_CHARACTERS),
    "long": N_("Kata sandi terlalu panjang."),
    "common": N_("Kata sandi itu mudah ditebak. Pakai beberapa kata yang tidak berhubungan."),
    "again": N_("Kata sandi baru yang kedua tidak sama."),
    "same": N_("Kata sandi baru harus lain dari yang lama."),
    "wrong": N_("Kata sandi sekarang salah."),
    "taken": N_("Sudah ada akun dengan nama itu."),
    "own": N_("Akun sendiri tidak dapat diubah di sini. Minta administrator lain."),
    "last": N_("Paling sedikit satu administrator harus tetap dapat masuk. Buat administrator lain dulu."),
    "beyond": N_(
        "Anda mengurus akun di dalam wilayah Anda saja, dan tiap akun itu harus punya wilayah. "
        "Minta administrator seluruh hub."
    ),
    "demanded": N_("Peran Anda wajib memakai kode masuk."),
}

WHAT_WORDS: Mapping[str, str] = {
    "read": N_("membaca"),
    "attachment": N_("membuka lampiran"),
    "answered": N_("menjawab pelapor"),
    "asked": N_("bertanya kepada pelapor"),
    "acted on": N_("menandai ditindaklanjuti"),
    "compared": N_("membandingkan laporan serupa"),
    "person": N_("melihat orang yang dicermati"),
    "event": N_("melihat peristiwa"),
    "network exported": N_("mengunduh jaringan orang"),
    "recruiter joined": N_("menggabungkan: perekrut yang sama"),
    "recruiter kept apart": N_("menyatakan: perekrut lain"),
    "recruiter decision undone": N_("membatalkan keputusan tentang perekrut"),
    "event joined": N_("menggabungkan: peristiwa yang sama"),
    "event kept apart": N_("menyatakan: peristiwa lain"),
    "event decision undone": N_("membatalkan keputusan tentang peristiwa"),
    "assigned": N_("menyerahkan laporan kepada petugas"),
    "commented": N_("menulis komentar"),
    "triage band low": N_("mengganti tingkat triase: rendah"),
    "triage band medium": N_("mengganti tingkat triase: sedang"),
    "triage band high": N_("mengganti tingkat triase: tinggi"),
    "triage band urgent": N_("mengganti tingkat triase: mendesak"),
    "draw excused": N_("mengeluarkan laporan dari undian verifikasi"),
    "draw restored": N_("memasukkan laporan lagi ke undian verifikasi"),
    "triage band undone": N_("membatalkan penggantian tingkat triase"),
    "into case": N_("memasukkan ke kasus"),
    "out of case": N_("mengeluarkan dari kasus"),
    "opened": N_("membuka kasus"),
    "report added": N_("menambah laporan dalam kasus"),
    "report taken out": N_("mengeluarkan laporan dari kasus"),
    "person added": N_("menambah orang dalam kasus"),
    "person removed": N_("menghapus orang dari kasus"),
    "place added": N_("menambah tempat dalam kasus"),
    "task added": N_("menambah tugas"),
    "task done": N_("menyelesaikan tugas"),
    "closed": N_("menutup kasus"),
    "reopened": N_("membuka kasus lagi"),
    "merged into": N_("menggabung kasus ke kasus lain"),
    "took in": N_("menerima isi kasus lain"),
    "taken out again": N_("memisahkan kasus lagi"),
    "gave back": N_("mengembalikan isi kasus"),
    "retention approved": N_("menyetujui penghapusan sesuai masa simpan"),
    "retention approval undone": N_("menarik persetujuan penghapusan"),
    "held": N_("menahan untuk perkara"),
    "hold lifted": N_("melepas penahanan"),
    "forgotten": N_("menghapus sesuai masa simpan"),
    "dropped": N_("menolak kiriman untuk laporan yang sudah dihapus"),
    "forwarded": N_("meneruskan ke pusat di atas"),
    "forwarding refused": N_("gagal meneruskan: ditolak"),
    "subscription forgotten": N_("melupakan satu pelanggan buletin"),
    "subscription limit set": N_("mengubah batas SMS sehari untuk pelanggan"),
    "subscribers dropped": N_("melepas pelanggan yang tidak terjangkau"),
    "machine reading asked": N_("meminta bacaan mesin atas laporan"),
    "machine reading corrected": N_("mengoreksi bacaan mesin"),
    "gap seen": N_("melihat celah materi"),
    "gap answered": N_("menjawab celah materi"),
    "gap declined": N_("menolak celah materi"),
    "gap open": N_("membuka celah materi lagi"),
    "searched": N_("mencari"),
    "found": N_("melihat dalam hasil pencarian"),
    "listed": N_("melihat dalam daftar"),
    "signal raised": N_("mengangkat sinyal"),
    "signal seen": N_("melihat sinyal"),
    "signal seen again": N_("melihat lagi yang sama, ke sinyal"),
    "signal nothing new": N_("melihat lagi, tanpa hal baru"),
    "signal reopened": N_("membuka sinyal lagi"),
    "signal to open": N_("mengembalikan sinyal ke terbuka"),
    "signal to verification": N_("memverifikasi sinyal"),
    "signal to assessment": N_("menyatakan sinyal terverifikasi"),
    "signal to response": N_("memulai tanggapan sinyal"),
    "signal response done": N_("mencatat tanggapan selesai"),
    "signal assessed": N_("menilai risiko sinyal"),
    "signal closed": N_("menutup sinyal"),
    "signal bottleneck": N_("mencatat hambatan sinyal"),
    "signal monitor": N_("mengatur tanggal pantau sinyal"),
    "signal assigned": N_("menyerahkan sinyal kepada petugas"),
    "signal commented": N_("menulis komentar pada sinyal"),
    "signal report added": N_("memasukkan laporan ke sinyal"),
    "signal report removed": N_("mengeluarkan laporan dari sinyal"),
    "into signal": N_("memasukkan ke sinyal"),
    "out of signal": N_("mengeluarkan dari sinyal"),
    "signal folded": N_("menyatukan sinyal ke sinyal lain"),
    "signal took in": N_("menerima isi sinyal lain"),
    "signal separated": N_("memisahkan temuan dari sinyal"),
    "signals listed": N_("mencetak daftar sinyal"),
    "evaluation seen": N_("melihat evaluasi"),
    "weights seen": N_("melihat bobot skor"),
    "weights compared": N_("membandingkan tabel bobot"),
    "weights refitted": N_("menghitung ulang bobot skor"),
    "weights proposed": N_("mengusulkan tabel bobot"),
    "weights switched": N_("menyetujui tabel bobot: mulai berlaku"),
    "weights rejected": N_("menolak tabel bobot"),
    "weights undone": N_("mengembalikan tabel bobot sebelumnya"),
    "evaluation exported": N_("mengambil angka evaluasi"),
    "weekly report made": N_("membuat laporan mingguan"),
    "weekly report corrected": N_("membuat laporan mingguan lagi"),
    "weekly report seen": N_("melihat laporan mingguan"),
    "weekly report taken": N_("mengambil PDF laporan mingguan"),
    "weekly receiver added": N_("menambah penerima laporan mingguan"),
    "weekly receiver removed": N_("menghapus penerima laporan mingguan"),
    "wrongly named": N_("menandai orang salah disebut"),
    "wrongly named undone": N_("membatalkan koreksi orang"),
    "correction seen": N_("melihat koreksi orang"),
    "right opened access": N_("mencatat permintaan melihat data"),
    "right opened correction": N_("mencatat permintaan memperbaiki data"),
    "right opened withdrawal": N_("mencatat penarikan"),
    "right opened breach": N_("mencatat kebocoran data"),
    "right told breach": N_("melengkapi keterangan kebocoran"),
    "right closed access": N_("menyelesaikan permintaan melihat data"),
    "right closed correction": N_("menyelesaikan permintaan memperbaiki data"),
    "right closed withdrawal": N_("menyelesaikan penarikan"),
    "right closed breach": N_("menyelesaikan kebocoran data"),
    **{
        f"{state} {value}": N_("%(state)s: %(value)s", state=STATE_WORDS[state], value=words)
        for state, values in VALUE_WORDS.items()
        for value, words in values.items()
    },
    **{
        f"undo {state}": N_("membatalkan langkah: %(words)s", words=words)
        for state, words in STATE_WORDS.items()
    },
    "referral drafted": N_("menyiapkan rujukan"),
    "referral proposed": N_("mengusulkan rujukan"),
    "referral sent": N_("mengirim rujukan"),
    "referral approved": N_("menyetujui rujukan"),
    "referral declined": N_("tidak menyetujui rujukan"),
    "referral withdrawn": N_("menarik rujukan"),
    "referral replaced": N_("mengganti rujukan dengan versi baru"),
    "referral read": N_("melihat rujukan"),
    "referral opened": N_("membuka rujukan pertama kali"),
    "referral downloaded": N_("mengunduh rujukan"),
    "referral taken": N_("menerima rujukan"),
    "referral answered": N_("menjawab rujukan"),
    "referral refused": N_("menolak rujukan"),
    "referrals listed": N_("melihat daftar rujukan"),
    "import uploaded": N_("mengunggah berkas impor"),
    "import read": N_("melihat impor"),
    "import carried out": N_("mengimpor kasus"),
    "import undone": N_("membatalkan impor"),
    "series made": N_("membuat seri data lain"),
    "series changed": N_("mengubah seri data lain"),
    "series file uploaded": N_("mengunggah berkas data lain"),
    "series imported": N_("mengimpor data lain"),
    "series import undone": N_("membatalkan impor data lain"),
    "series exported": N_("mengekspor seri data lain"),
    "agency made": N_("menambah lembaga"),
    "agency changed": N_("mengubah lembaga"),
    "agency account joined": N_("menghubungkan akun dengan lembaga"),
    "agency account left": N_("melepas akun dari lembaga"),
    "all reports printed": N_("mencetak semua laporan"),
    "pin reset": N_("mengatur ulang PIN desa"),
    "box enrolled": N_("mendaftarkan kotak desa"),
    "box compared": N_("mencocokkan sidik kotak desa"),
    "box revoked": N_("mencabut kotak desa"),
    "rollout begun": N_("memulai penyebaran ke kotak desa"),
    "rollout stopped": N_("menghentikan penyebaran ke kotak desa"),
    "rollout undone": N_("membatalkan penyebaran ke kotak desa"),
    "rollout box left out": N_("melewati kotak desa dalam penyebaran"),
    "notice sent": N_("mengirim pengumuman"),
    "notice withdrawn": N_("menarik pengumuman"),
    "bulletin written": N_("menulis buletin"),
    "bulletin proposed": N_("meminta persetujuan buletin"),
    "bulletin taken back": N_("mengembalikan buletin ke konsep"),
    "bulletin dropped": N_("menyisihkan konsep buletin"),
    "bulletin given back": N_("tidak menyetujui buletin"),
    "bulletin approved": N_("menyetujui buletin"),
    "bulletin cancelled": N_("membatalkan buletin"),
    "receiver added": N_("menambah penerima buletin"),
    "receiver changed": N_("mengubah penerima buletin"),
    "rung": N_("memanggil yang bertugas"),
    "ring failed": N_("gagal memanggil yang bertugas"),
    "wall begun": N_("menyalakan layar dinding"),
    "ring seen": N_("melihat panggilan di layar dinding"),
    "duty shift added": N_("menambah giliran piket"),
    "duty shift removed": N_("menghapus giliran piket"),
    "duty day added": N_("menambah hari khusus piket"),
    "duty day removed": N_("menghapus hari khusus piket"),
    "duty contact set": N_("mengatur cara memanggil"),
    "signed in": N_("masuk"),
    "account set": N_("menetapkan akun"),
    "account made": N_("membuat akun"),
    "account changed": N_("mengubah peran atau wilayah"),
    "account locked": N_("mengunci akun"),
    "account unlocked": N_("membuka kunci akun"),
    "account reset": N_("mengatur ulang akun"),
    "sessions ended": N_("mengakhiri sesi"),
    "password changed": N_("mengganti kata sandi"),
    "language chosen": N_("memilih bahasa halaman"),
    "second factor set": N_("memasang kode masuk"),
    "second factor removed": N_("melepas kode masuk"),
    "log seen": N_("melihat catatan akses"),
    "log exported": N_("mengekspor catatan akses"),
    "entry proven": N_("membuktikan satu catatan"),
    "reports exported": N_("mengekspor laporan"),
    "cases exported": N_("mengekspor kasus"),
    "counts exported": N_("mengekspor jumlah laporan"),
    "public numbers exported": N_("membuat angka untuk umum"),
    "token made": N_("membuat token program"),
    "token revoked": N_("mencabut token program"),
    "program read": N_("program membaca"),
    "filed": N_("mengirim laporan dari ponsel"),
    "filed more": N_("mengirim lampiran dari ponsel"),
    "hub key drawn": N_("membuat kunci pusat yang baru"),
    "hub key destroyed": N_("memusnahkan kunci pusat yang lama"),
    "node declared lost": N_("menyatakan kotak desa hilang"),
    "key shares printed": N_("mencetak bagian kunci pusat"),
}
"""Words of entries; one that stands here not yet is shown as it is."""

ABOUT_WORDS: Mapping[str, str] = {
    "report": N_("laporan"),
    "account": N_("akun"),
    "node": N_("kotak desa"),
    "notice": N_("pengumuman"),
    "bulletin": N_("buletin"),
    "receiver": N_("penerima buletin"),
    "log": N_("catatan akses"),
    "duty": N_("jadwal piket"),
    "case": N_("kasus"),
    "signal": N_("sinyal"),
    "signals": N_("daftar sinyal"),
    "evaluation": N_("evaluasi"),
    "weekly": N_("laporan mingguan"),
    "weights": N_("bobot skor"),
    "texts": N_("jumlah tulisan"),
    "person": N_("orang nomor"),
    "event": N_("peristiwa nomor"),
    "referral": N_("rujukan"),
    "agency": N_("lembaga nomor"),
    "import": N_("impor nomor"),
    "series": N_("seri nomor"),
    "series-import": N_("impor data lain nomor"),
    "export": N_("ekspor"),
    "token": N_("token"),
    "right": N_("hak atau kebocoran"),
    "key": N_("kunci pusat, bagian"),
    "hub-key": N_("kunci pusat"),
}


_PROGRAMS: Mapping[str, str] = {
    COMMAND_LINE: N_("baris perintah"),
    "duty roster": N_("jadwal piket"),
    RULES: N_("aturan mingguan"),
    "weekly report": N_("pembuat laporan mingguan"),
}
LOG_PARTS: Mapping[str, str] = {"entries": "", "state": N_("(keadaan)")}


def who_in_words(name: str) -> str:
    """Return who did it; the hub's own machine in words."""
    return _PROGRAMS.get(name, name)


def what_in_words(what: str) -> str:
    """Return what was done in words."""
    return WHAT_WORDS.get(what, what)


def about_in_words(about: str) -> str:
    """Return what an entry is about: its kind in words, and the id."""
    kind, _, name = about.partition(" ")
    if kind == "duty":
        name = ""
    if kind == "log":
        name = LOG_PARTS.get(name, name)
    words = ABOUT_WORDS.get(kind, kind)
    return N_("%(words)s %(name)s", words=words, name=name) if name else words


def areas_in_words(codes: Iterable[str]) -> str:
    """Return the names of areas, or that it is the whole region."""
    names = area_names()
    found = [f"{names.name_of(code) or code} ({code})" for code in codes]
    return ", ".join(found) if found else N_("seluruh wilayah hub")
