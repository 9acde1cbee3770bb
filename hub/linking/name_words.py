"""Forms of address, common names and words that only look like names: general lists."""

from __future__ import annotations

from hub.linking.word_lists import word_set

_TITLES = """
pak bapak bpk bapa bp pa pakde pakdhe paklek lek lik paklik
bu ibu ibuk bude budhe bulek bulik mamak emak mak
mas mase
mbak mba mbk mpok embak
om oom
tante tant
bang abang bg
kak kaka kakak
cak
kang akang aa
teh teteh ceu
yu yuk ayuk
mbok simbok
mbah eyang kakek nenek datuk opa oma
paman mang uwa wak uak
lalu lale
mamiq
baiq
amaq
inaq
gus
nyai
haji h ji tuan
hajah hajjah hj
ustadz ust ustad ustaz ustadzah ustazah kiai kyai kh
daeng dg
kapten capt nakhoda
koh engkoh ko
ci cici cece cik
mami mama mamy
mr mister
madam mdm madame miss ms
bos boss
drs dr ir dra prof
nona non
raden rr r
puang andi
umi ummi bunda
guru
bli
jro
ina ama
"""

TITLES: tuple[tuple[str, ...], ...] = tuple(tuple(row.split()) for row in _TITLES.strip().splitlines())
"""Forms of address in folded text; the first word of a row names it."""

ALWAYS_TITLES = word_set(
    """
    pak bapak bpk bu ibu mas mbak mba om tante bang cak kang teh teteh mbok paman mamiq baiq amaq inaq gus
    nyai haji h hj hajah ustadz ust ustad ustaz ustadzah daeng kapten koh ci cece mami mama mr mister madam
    mdm drs yu budhe bude pakde wak bos kak kaka nona bapa lalu tuan
    ji lek ibuk mbah abang mang miss cik ko umi ummi lik guru bunda
    puang jro bli
    """
)
"""Titles that announce a name inside running text."""

CUES = word_set(
    """
    bernama namanya namane namana aran arane jenenge ngaranna nama sponsor calo tekong perekrut alias
    panggilan dipanggil disebut dikoordinir koordinator agen oleh lewat ikut sama bareng karo ku mengaku
    ngaku melalui juragannya sopirnya sponsornya agennya calonya adminnya pengirim ditipu diajak dibawa
    dijemput diberangkatkan dikirim perahu
    """
)
"""Words after which a name in capitals is taken for the recruiter's."""

DOERS = word_set(
    """
    mengajak ngajak ajak membawa bawa mbawa gawa nggawa memberangkatkan berangkatkan ngangkatkeun
    mberangkatna mberangkatke menjemput jemput mengirim ngirim kirim merekrut rekrut menawarkan nawari
    nawarin nawarkan mengurus ngurus antar ngantar nganter cari nyari nggolek nyalo mengaku ngaku milarian
    janji menjanjikan urus atur ngatur panggil
    """
)
"""Doing that is a recruiter's: after "yang", or right after a name that begins a narrative."""

RELATIVES = word_set(
    """
    yang yg sing nu se si
    """
)

STARTERS = DOERS | frozenset(
    [
        "minta",
        "buka",
        "narik",
        "jual",
        "suka",
        "sopir",
        "ngider",
        "keliling",
        "bilang",
        "tawar",
        "potong",
        "calo",
        "sponsor",
        "agen",
        "lagi",
        "lg",
        "mau",
        "datang",
        "janji",
        "ngumpulin",
        "kumpul",
        "ngumpulna",
        "ngumpulkan",
        "ngumpulke",
        "bade",
        "arep",
        "rek",
        "dr",
        "dari",
        "pernah",
        "bisa",
        "batam",
        "itu",
    ]
)
"""Words after a name at the very beginning of a narrative that make it the recruiter's."""

OFFICES = word_set(
    """
    kades kadus lurah camat rt rw polisi guru bidan dokter petugas desa kepala sekdes carik ketua kantor
    sopir satpam mantri kyai ustad bos haji saya sy aku dia ini itu yang sama dan di ke dari jg juga mertua
    tiri kandung angkat rumah tangga hamil anak pkk kost kos muda tua tuanya bupati tni babinsa dusun
    imigrasi admin min pendeta pastor suster gubernur presiden menteri hakim jaksa pengacara kapolsek
    lapor mohon tolong tlg nya ku mu kandungnya guru2 ibu bapak dukuh penghulu modin bendahara sekretaris
    operator mandor majikan agen sponsor calo travel kepala kaur kasi plt haram besar kecil agency agensi
    hrd travel cs consultant official overseas tour korban lempar
    """
)
"""Words after a title that are an office or the family's own, not a name."""

MUHAMMAD = word_set(
    """
    muhammad mohammad muhamad mohamad mohamed moh moch muh much mhd mochamad mochammad mohd md m
    """
)
"""Spellings of the name that half of the men bear: it tells nobody apart unless it stands alone."""

SHARES: tuple[float, ...] = (1 / 50, 1 / 110, 1 / 300)

COMMON: tuple[str, ...] = (
    "muhammad ahmad siti sri agus abdul nur",
    "budi dewi eko joko edi heri hendra andi indra iwan bambang slamet rudi dedi dwi tri sari rina rini "
    "yanti wati lestari "
    "setiawan wahyu yudi yuli ani tuti sumarni endang sutrisno supriyadi rahman ali umar usman hasan "
    "husen ibrahim ismail "
    "yusuf maria yohanes anton ratna lina linda nining neneng",
    "adi ade aldi ari arif aris asep bayu beni dadang darman darwis deni dian dina dodi eka erna fajar "
    "faisal fikri fitri "
    "gede ketut made wayan hadi halimah hamid haris herman ida ikhsan imam imron ita jaya jamal jefri "
    "joni karim kartini "
    "lia lilis lukman mahmud marni mukhlis mulyadi nengsih nita nurul putri putu rahmat reza riko rizal "
    "rosa ros rosalina rudy "
    "rukmini saiful samsul santi santoso sinta sofyan sugeng suparman supri suryadi susi sutini suyanto "
    "syarif taufik "
    "tina tini toni ujang wahid wahyuni wawan wiwin yadi yanto yani yeni yosef yulianti zaenal zainal "
    "zainuddin "
    "maman mansur markus petrus paulus martinus stefanus benyamin rahayu riyanto supardi sumiati suwarni "
    "saleh soleh burhan zahra bakri basri baharuddin ridwan rusdi rusli said sahrul suhardi suhaimi "
    "tarmizi yakub "
    "ningsih susanti handayani kurniawan hidayat saputra pratama wijaya gunawan firmansyah nugroho prasetyo",
)
"""Common Indonesian names in three classes, each borne by about such a share of people as `SHARES` says."""
