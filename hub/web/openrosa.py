"""What ODK Collect and KoboCollect talk to: OpenRosa 1.0 over HTTPS, for whoever has a token for filing.

A phone sends its token as the password of Basic authentication. It does not stand in the address, as the
keys of ODK Central do: addresses land in the logs of proxies and in a phone's list of projects.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from hub.exports.api_services import FILE_SCOPE, TokenServices
from hub.languages import BY_TAG, INDONESIAN, N_, current, speak, translate
from hub.openrosa.form import FORM_ID, TITLE, VILLAGES_FILE, version
from hub.openrosa.reading import SubmissionRefused, read_submission
from hub.openrosa.services import Filed, PhoneServices
from hub.openrosa.xform import md5_of, xform
from hub.services import SignedIn
from hub.web import phone_words
from sync.areas.table import area_names
from sync.storage.writer import StorageError
from sync.upload_bodies import BUSY, HOW_HEADER, MAX_UPLOAD_BYTES

BLUEPRINT_NAME: Final = "openrosa"
PREFIX: Final = "/openrosa"
XML_PART: Final = "xml_submission_file"
MAX_PARTS: Final = 32
RETRY_AFTER_S: Final = 60
_XML: Final = "text/xml; charset=utf-8"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def create_openrosa_blueprint(phones: PhoneServices, tokens: TokenServices, *, secure: bool) -> Blueprint:
    """Return the blueprint; `secure` makes all addresses that it names HTTPS."""
    pages = Blueprint(BLUEPRINT_NAME, __name__)

    def address_of(endpoint: str) -> str:
        scheme = "https" if secure else None
        return url_for(f"{BLUEPRINT_NAME}.{endpoint}", _external=True, _scheme=scheme)

    def add(path: str, endpoint: str, answer: Callable[[SignedIn], Response], *methods: str) -> None:
        def opened() -> Response:
            speak(request.accept_languages.best_match(BY_TAG, INDONESIAN.tag))
            who = _who_asks(tokens)
            return who if isinstance(who, Response) else answer(who)

        pages.add_url_rule(f"{PREFIX}/{path}", endpoint, opened, methods=methods or ("GET",))

    def villages(who: SignedIn) -> Response:
        return Response(villages_csv(phones, who), content_type="text/csv; charset=utf-8")

    def submission(who: SignedIn) -> Response:
        # A HEAD asks who this is and how much it takes, before anything is sent.
        return Response(status=204) if request.method == "HEAD" else _submitted(phones, who)

    add("formList", "form_list", lambda who: _listed(address_of))
    add(f"forms/{FORM_ID}.xml", "form", lambda who: Response(xform(), content_type=_XML))
    add(
        f"forms/{FORM_ID}/manifest",
        "manifest",
        lambda who: _manifest(villages_csv(phones, who), address_of),
    )
    add(f"forms/{FORM_ID}/{VILLAGES_FILE}", "villages", villages)
    add("submission", "submission", submission, "HEAD", "POST")
    _add_errors(pages)
    return pages


def _add_errors(pages: Blueprint) -> None:
    @pages.errorhandler(SubmissionRefused)
    def refused(error: SubmissionRefused) -> Response:
        return _told(400, error.args[0])

    @pages.errorhandler(StorageError)
    def failed(error: StorageError) -> Response:
        return _later(N_("Pusat tidak dapat menyimpan. Tidak ada yang tersimpan; kirim lagi nanti."))

    @pages.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        return _told(error.code or 400, N_("Permintaan tidak dapat dibaca."))

    @pages.after_request
    def put_headers(response: Response) -> Response:
        response.headers["X-OpenRosa-Version"] = "1.0"
        response.headers["X-OpenRosa-Accept-Content-Length"] = str(MAX_UPLOAD_BYTES)
        response.headers["Content-Language"] = current()
        return response


def villages_csv(phones: PhoneServices, who: SignedIn) -> bytes:
    """Return the list from which a phone picks the village: those of its areas, by code."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "label"))
    names, regencies = area_names(), dict[str, str | None]()
    for code, name in phones.villages(who=who):
        if code[:5] not in regencies:
            regencies[code[:5]] = names.name_of(code[:5])
        regency = regencies[code[:5]]
        label = f"{name}, {regency} ({code})" if regency else f"{name} ({code})"
        writer.writerow((code, label))
    return text.getvalue().encode("utf-8")


def _who_asks(tokens: TokenServices) -> SignedIn | Response:
    told = request.authorization
    program = None
    if told is not None and told.type == "basic":
        program = tokens.program(told.password or "")
    if program is None:
        response = _told(401, N_("Token tidak berlaku. Minta token baru ke pusat."))
        response.headers["WWW-Authenticate"] = 'Basic realm="Kentongan", charset="UTF-8"'
        return response
    if FILE_SCOPE not in program.scopes:
        return _told(403, N_("Token ini tidak untuk mengirim laporan."))
    return program.who


def _listed(address_of: Callable[[str], str]) -> Response:
    wanted = request.args.get("formID")
    form = "" if wanted not in (None, FORM_ID) else (
        f"<xform><formID>{FORM_ID}</formID><name>{escape(translate(TITLE))}</name>"
        f"<version>{version()}</version><hash>{md5_of(xform())}</hash>"
        f"<downloadUrl>{escape(address_of('form'))}</downloadUrl>"
        f"<manifestUrl>{escape(address_of('manifest'))}</manifestUrl></xform>"
    )  # fmt: skip
    return Response(
        f'{_HEAD}<xforms xmlns="http://openrosa.org/xforms/xformsList">{form}</xforms>', content_type=_XML
    )


def _manifest(villages: bytes, address_of: Callable[[str], str]) -> Response:
    return Response(
        f'{_HEAD}<manifest xmlns="http://openrosa.org/xforms/xformsManifest"><mediaFile>'
        f"<filename>{VILLAGES_FILE}</filename><hash>{md5_of(villages)}</hash>"
        f"<downloadUrl>{escape(address_of('villages'))}</downloadUrl></mediaFile></manifest>",
        content_type=_XML,
    )


# -- submissions ----------------------------------------------------------------------------------


def _submitted(phones: PhoneServices, who: SignedIn) -> Response:
    cut = request.environ.get(f"HTTP_{HOW_HEADER}")
    if cut == BUSY:
        return _later(N_("Pusat sedang menerima kiriman lain. Kirim lagi sebentar lagi."))
    try:
        if cut is not None:
            raise RequestEntityTooLarge
        xml, files = _parts()
    except RequestEntityTooLarge:
        most = MAX_UPLOAD_BYTES // 2**20
        return _told(
            413, N_("Sekali kirim paling banyak %(most)s MB. Laporan tetap ada di ponsel.", most=most)
        )
    return _outcome(phones.file(read_submission(xml), files, by=who))


def _parts() -> tuple[bytes, Mapping[str, bytes]]:
    """Return the form and its files by name. Collect names a part after its file; others may not."""
    form = request.files.get(XML_PART)
    if form is not None:
        xml = form.stream.read()
    elif XML_PART in request.form:
        xml = request.form[XML_PART].encode("utf-8")
    else:
        raise SubmissionRefused(N_("Kiriman tanpa formulir (%(part)s).", part=XML_PART))
    files = {}
    for name, file in request.files.items():
        if name != XML_PART:
            content = file.stream.read()
            files[name] = content
            files.setdefault(file.filename or name, content)
    return xml, files


def _outcome(filed: Filed) -> Response:
    if filed.busy:
        return _later(N_("Laporan tersimpan di pusat, lampiran belum: kirim lagi."))
    texts = [N_("Laporan diterima pusat.") if filed.new else N_("Laporan ini sudah ada di pusat.")]
    if filed.kept:
        texts.append(N_("Lampiran tersimpan: %(kept)s.", kept=filed.kept))
    for question, refusal in filed.refused.items():
        texts.append(phone_words.not_kept(question, refusal))
    texts.append(N_("Tidak ada kode tanda terima untuk laporan dari ponsel."))
    return _told(201 if filed.new or filed.kept else 202, " ".join(translate(text) for text in texts))


def _later(text: str) -> Response:
    response = _told(503, text)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _told(status: int, text: str) -> Response:
    nature = "submit_success" if status < 300 else "submit_failure"
    return Response(
        f'{_HEAD}<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f'<message nature="{nature}">{escape(translate(text))}</message></OpenRosaResponse>',
        status,
        content_type=_XML,
    )
