"""Texts of plans from files: plain text in the encodings of Chinese offices, web pages, Word and PDF."""

from __future__ import annotations

import codecs
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
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
_MOST_SPAN = 200  # rows or columns that a cell of a page may claim
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
    if element.tag == "table" and not any(map(_holds_a_page, element.xpath("./tr/* | ./*/tr/*"))):
        yield from (f"{_line(row)}\n" for row in _grid(element))
        return
    for child in element:
        is_cell = child.tag in ("td", "th")
        yield from (
            [" ".join("".join(child.itertext()).split())] if is_cell and not _holds_a_page(child) else _shown(child)
        )
        yield "\t" if is_cell and child.getnext() is not None else _flat(child.tail)
    yield "\n" if is_line else ""


def _grid(table: Any) -> Iterator[list[str]]:
    """Yield the rows of a table on a page, a cell that spans several repeated in each row and empty in each column."""
    above: dict[int, tuple[str, int]] = {}  # column: text, and in how many more rows it stands
    for row in table.xpath("./tr | ./*/tr"):
        cells: list[str] = []
        for cell in row.xpath("./td | ./th"):
            _take_above(cells, above)
            text = " ".join("".join(cell.itertext()).split())
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(width):
                above[len(cells)] = (text if place == 0 else "", height - 1)
                cells.append(text if place == 0 else "")
        _take_above(cells, above)
        yield cells


def _take_above(cells: list[str], above: dict[int, tuple[str, int]]) -> None:
    while above.get(len(cells), ("", 0))[1] > 0:
        text, rows = above[len(cells)]
        above[len(cells)] = (text, rows - 1)
        cells.append(text)


def _span(cell: Any, name: str) -> int:
    told = str(cell.get(name) or "1")
    return min(max(int(told), 1), _MOST_SPAN) if told.isdigit() else 1


def _line(cells: Sequence[str]) -> str:
    """Return a row as a line; one with a single cell for all columns is a heading and needs no tabs."""
    return cells[0] if cells and not any(cells[1:]) else "\t".join(cells)


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
        cells = row.cells  # a merged cell stands once for each column and row it covers
        first = [place == 0 or cell is not cells[place - 1] for place, cell in enumerate(cells)]
        yield _line([" ".join(cell.text.split()) if own else "" for own, cell in zip(first, cells, strict=True)])


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
    return "\n".join([outside.extract_text() or "", *(row for table in tables for row in _ruled(table))])


def _ruled(table: Any) -> Iterator[str]:
    """Yield the rows of a ruled table; a cell that spans several rows is repeated in each."""
    above: dict[int, tuple[str, float]] = {}  # column: text, and how far down it reaches
    for row, texts in zip(table.rows, table.extract(), strict=True):
        top = row.bbox[1]
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            if cell:
                above[column] = (" ".join((text or "").split()), cell[3])
            elif above.get(column, ("", 0.0))[1] <= top + 1:
                above[column] = ("", 0.0)
        yield _line([above[column][0] for column in range(len(texts))])


_READERS: dict[Form, Callable[[str, bytes], tuple[str, str | None]]] = {
    "txt": _plain,
    "html": _page,
    "docx": _word,
    "pdf": _print,
}
