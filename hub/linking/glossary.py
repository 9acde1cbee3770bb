"""Words that mean the same in Indonesian, Javanese, Sundanese, Sasak, Madurese, Kupang Malay and text-
message spelling.

General word lists, not taken from any report: the first word of a row names the concept.
"""

from __future__ import annotations

_ROWS = """
saya sy aku awak kulo kula abdi kuring beta inyong tiang kaula gua gue ane aq sayah
tidak tdk gak ga nggak ngga enggak ndak ora ra mboten henteu teu ndeq ndeqarak sonde tra tak nda kagak olih
yang yg sing nu
dengan dgn karo sareng jeung kance deng sama sm kalih bareng
dan dn lan serta
di ning neng nang nong ing leq pado
ke kang menyang dateng ka pi
dari dr saka seko teka ti lekan lekan sekang
sudah sdh udah dah wis uwis wes wah su tos sampun ampun
belum blm durung dereng can tacan ndeqman lom
akan mau arep badhe bade rek nak meh ajeng
ada ana enek aya araq ado onok wonten ade bada
anak anake anakku bocah budak kanak anana naknik arek putra lare anaknya anaknipun kana
perempuan prmpuan wanita cewek cewe wadon wedok nona dedare awewe istri2 nina wanodya binine babine
lakilaki laki laki2 lanang mama2 pria lelaki pemuda cowok lalaki semama jejaka bujang nyong
istri bojo pamajikan sebinian bini senina garwa
suami salaki bapake semama lakon laki pak'e bojone
ibu mama mamak emak inaq ema biyung simbok mamah mamake ibuk biang ebuk ebo
bapak bapa bapake amaq ayah rama papa eppak bapatua
adik ade adek adhi adhine rayi ari alek
kakak kaka mbak kakang lanceuk akang kk teteh semeton
keponakan ponakan ponaan alo
saudara sodara dulur sanak seduluran
tetangga tonggo tanggaku tatangga
orang org wong oreng jalmi jelema dengan2 uwong urang
uang duit kepeng pesse artos doi dhuwit pitih yatra
gaji gajih gajine upah bayaran honor gajina
bayar mbayar mayar bayaran setor nyetor narima
utang hutang utange hutangna tebusan pinjaman
potong potongan dipotong motong
juta jt yuta
ribu rb ewu rebu
hari dina poe jelo are
malam malem bengi wengi peuting malem2 kelem
pagi isuk enjing esuk kelemaq
subuh fajar bakda shubuh
siang awan beurang
sore sonten asar
bulan bln wulan sasih ulan
tahun thn taun warsa
minggu mgg ahad
tadi td wau mau bejulu mambuh onggu
kemarin kmrn wingi kamari uiq
besok bsk sesuk isukan laggu lemaq enjang
sekarang skrg saiki ayeuna nengka neke sakniki
pulang mulih uleq wangsul balik bali muleh
pergi indit lalo mangkat berangkat brgkt brangkat budal budhal lunga tindak angkat miyos
bawa bw mawa gawa nggawa dibawa membawa bawak jau dicandak nyandak ngibeh nyangking jaui
ajak ngajak diajak ajakan mengajak
jemput dijemput jmpt menjemput nyemput
naik numpak nae' taek naek munggah
kapal kapel prau perahu pinisi speedboat speed boat sampan
mobil oto montor elf elep pikap pickup carry avanza travel bus bis truk
rumah rmh omah omahe imah bale roma umah griya bumi
kampung desa dusun kampong dasan lembur gubuk dsn ds dukuh
paspor passport pasport paspore
ktp kk identitas
surat srt layang serat suratna
kerja krj gawe pagawean begawean alako damel nyambut pakaryan kerjo
kebun sawit kebon perkebunan ladang
pabrik kilang pabrike
rumahtangga prt pembantu art babu
majikan mjkn bos boss juragan dunungan
agen agency agensi agent
calo sponsor tekong perekrut dicalo petugaslapangan
pukul dipukul gebug digebugi digitik ditonjok dipateken
kunci dikunci dirantai digembok gembokan dirantek
tolong tlg tulung tulungan bantu bantuan mohon njaluk nyuwun ngireng
hilang ilang leungit teparan hilangkontak
telepon telp tlp telpon nelpon nelepon hp wa whatsapp nomor nomer nomerna no nmr
takut wedi sieun tako
menangis nangis ceurik
mati meninggal maot tiwas wafat
sakit gering lara sake
lari kabur minggat mlayu
makan mangan tuang dahar
tidur turu sare tindoq tedung bobo
gedung bangunan building
gudang pergudangan
bawang brambang bebang
jual dijual adol ngedol dituakna menjual
beli tuku meser beleq
sekolah sekola sakola sekolahan
umur umurnya umure yuswa omor usia
lulus lulusan tamat
kata katanya jare jere jarene cenah saurna saur bilang blg ngomong omong unine cakna sasanggupan
janji dijanjikan janjine janjina janjikan
nikah kawin rabi dinikahkan menikah pengantin
bayi orok
ginjal kidney organ
penipuan nipu tipu menipu penipu ditipu scam scammer ngapusi
polisi polres polsek
pelabuhan plabuhan pelabuan dermaga pantai
bandara airport juanda soetta
umrah umroh haji
gelap peteng poek petheng
besar gede geding ageng beleq
kecil cilik leutik kici alit keneh
dua loro duwe due dua'
tiga telu telung tilu tello
banyak bnyk akeh loba lueq
kecamatan kec
kabupaten kab
arab saudi ksa arabsaudi
malaysia malay mly malaisia
hongkong hk
taiwan twn
singapura singapore sg
kamboja kambodja cambodia
"""

CONCEPTS: tuple[tuple[str, ...], ...] = tuple(
    tuple(dict.fromkeys(w.replace("'", "") for w in row.split())) for row in _ROWS.strip().splitlines()
)
"""Rows of folded words; the first word of a row names it. A word that stands in two rows means the later."""

ENDINGS: tuple[str, ...] = (
    "nipun",
    "kannya",
    "nya",
    "kan",
    "lah",
    "ipun",
    "mu",
    "ku",
    "ne",
    "na",
    "an",
    "i",
    "e",
)
"""Endings that are taken off before words are compared, the longest first."""
