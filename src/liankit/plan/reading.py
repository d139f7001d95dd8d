"""Texts of plans from files: plain text in the encodings of Chinese offices, web pages, Word and PDF."""

from __future__ import annotations

import codecs
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from liankit.errors import UserError

if TYPE_CHECKING:
    from docx.table import Table

Form = Literal["txt", "html", "docx", "pdf"]
MOST_PAGES = 600
_MOST_UNPACKED = 300 * 2**20  # bytes; a Word file that unpacks to more is no plan
_FORMS: dict[str, Form] = {".txt": "txt", ".md": "txt", ".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CELL_LINES = 3  # a cell of more lines than that frames a page
_DROPPED = "script|style|noscript|template|head|iframe|svg"
_LINES = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "section",
    "article",
    "ul",
    "ol",
    "dd",
    "dt",
)


class ReadingError(UserError):
    """A file that holds no text that can be read."""


@dataclass(frozen=True)
class Document:
    """A file's text as read; offsets of findings count its characters. ``encoding`` is None for Word and PDF."""

    file: str
    text: str
    form: Form
    encoding: str | None
    sha256: str


def read_document(path: Path) -> Document:
    """Read a txt, html, docx or pdf file; raises ``ReadingError`` with what to do where there is no text in it."""
    try:
        return read_bytes(str(path), path.read_bytes())
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error


def read_bytes(name: str, data: bytes) -> Document:
    """Read the bytes of a file called ``name``: by its first bytes, then by its ending."""
    form = _form(name, data)
    text, encoding = _READERS[form](name, data)
    if not text.strip():
        advice = "It may be a scan: have its text recognised first." if form == "pdf" else "Check the file."
        raise ReadingError(f"{name}: holds no text. {advice}")
    return Document(name, text, form, encoding, hashlib.sha256(data).hexdigest())


def _form(name: str, data: bytes) -> Form:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    form = _FORMS.get(Path(name).suffix.lower())
    if form in ("docx", "pdf") or (form is None and data[:1].strip()[:1] != b"<"):
        raise ReadingError(f"{name}: is no txt, html, docx or pdf. Save it as one of these; .doc and .wps as .docx.")
    return form or "html"


def _plain(name: str, data: bytes) -> tuple[str, str | None]:
    text, encoding = _decoded(name, data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decoded(name: str, data: bytes) -> tuple[str, str]:
    """Return the text as UTF-8 or UTF-16 where it is, else as GB18030, which holds GBK and GB2312."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ReadingError(f"{name}: is neither UTF-8 nor GB18030. Save it again as UTF-8.")


def _page(name: str, data: bytes) -> tuple[str, str | None]:
    """Return what a web page shows: a line a block, a tab between the cells of a table."""
    from lxml import etree, html

    source, encoding = _decoded(name, data)
    try:
        root = html.document_fromstring(source.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as error:
        raise ReadingError(f"{name}: is no web page ({error}). Save the page again.") from error
    for dropped in root.xpath(" | ".join(f"//{tag}" for tag in _DROPPED.split("|"))):
        dropped.drop_tree()
    return "\n".join(line for line in "".join(_shown(root)).split("\n") if line.strip()), encoding


def _shown(element: Any) -> Iterator[str]:
    is_line = element.tag in _LINES
    yield "\n" if is_line or element.tag == "br" else ""
    if isinstance(element.tag, str):
        yield _flat(element.text)
    for child in element:
        is_cell = child.tag in ("td", "th")
        yield from (
            [" ".join("".join(child.itertext()).split())] if is_cell and not _holds_a_page(child) else _shown(child)
        )
        yield "\t" if is_cell and child.getnext() is not None else _flat(child.tail)
    yield "\n" if is_line else ""


def _holds_a_page(cell: Any) -> bool:
    """Say whether a cell is no cell but the frame of a page laid out by a table, as old sites do it."""
    return len(cell.xpath(".//p | .//div | .//table | .//br")) > _CELL_LINES


def _flat(text: str | None) -> str:
    """Return running text on one line, as a browser shows it; full-width spaces stay."""
    return (text or "").replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _word(name: str, data: bytes) -> tuple[str, str | None]:
    """Return the paragraphs and tables of a Word file in their order; a tab between the cells of a row."""
    from docx import Document as open_document
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise ReadingError(f"{name}: unpacks to more than {_MOST_UNPACKED // 2**20} MB. Take its pictures out.")
        parts = open_document(io.BytesIO(data)).iter_inner_content()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ReadingError(f"{name}: is no Word file that can be read. Save it again as .docx.") from error
    lines = [line for part in parts for line in (_rows(part) if isinstance(part, Table) else [part.text])]
    return "\n".join(lines), None


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = list(dict.fromkeys(row.cells))  # a merged cell stands once for each column it covers
        yield "\t".join(" ".join(cell.text.split()) for cell in cells)


def _print(name: str, data: bytes) -> tuple[str, str | None]:
    """Return the lines of a PDF's pages; rows of its ruled tables with tabs, below the text of their page."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as book:
            if len(book.pages) > MOST_PAGES:
                raise ReadingError(f"{name}: has more than {MOST_PAGES} pages. Cut the plan out of it.")
            return "\n".join(_leaf(page) for page in book.pages), None
    except (PDFException, PdfminerException) as error:
        raise ReadingError(f"{name}: is no PDF that can be read. Save it again, without a password.") from error


def _leaf(page: Any) -> str:
    """Return the text outside of tables, then the tables, row by row."""
    tables = page.find_tables()
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox)
    rows = ["\t".join(" ".join((cell or "").split()) for cell in row) for table in tables for row in table.extract()]
    return "\n".join([outside.extract_text() or "", *rows])


_READERS: dict[Form, Callable[[str, bytes], tuple[str, str | None]]] = {
    "txt": _plain,
    "html": _page,
    "docx": _word,
    "pdf": _print,
}
