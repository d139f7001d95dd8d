"""A report's bundle: its numbers, what they were computed from, its files, and a chain of hashes over all of it.

A zip of the files of the report and of two texts. ``records.jsonl`` holds a line a record: the report, its inputs, its
numbers (see ``ledger``), its files. ``chain.txt`` holds a line a record: the SHA-256 over the link before and the
record's line, then its id; so a changed line is named even when it can no longer be read.
``tools/verify_report.py`` reads the same by its own code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from liankit.errors import UserError
from liankit.plan.report.archive import read_zip, write_zip
from liankit.plan.report.faces import numbers_in_excel, numbers_in_word
from liankit.plan.report.language import evaluate, needs, rounded
from liankit.plan.report.ledger import Ledger
from liankit.texts import Language, render

SCHEMA = "liandesk.report/1"
GENESIS = "0" * 64
UNKNOWN = ("未知", "unknown")
_FACES = {"report.docx": ("word", numbers_in_word), "report.xlsx": ("excel", numbers_in_excel)}
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What does not hold: ``code`` is one of ``texts/report.yaml``, ``id`` the number, input or file."""

    code: str
    id: str
    params: Mapping[str, str]

    def said(self, language: Language) -> str:
        """Return it in words."""
        return render(f"report_fault.{self.code}", {"id": self.id, **self.params}, language)


@dataclass(frozen=True)
class Verdict:
    """What a bundle was found to be; ``head`` is its last link, to be compared with the one that was registered."""

    head: str
    title: str
    numbers: int
    recomputed: tuple[str, ...]  # came to what is printed, those taken unchanged from an input among them
    taken: tuple[str, ...]
    traced: tuple[str, ...]  # cannot be recomputed: a model gave them
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def share(self) -> float | None:
        """The share of the numbers that were recomputed; None for a report without numbers."""
        return len(self.recomputed) / self.numbers if self.numbers else None


def pack(about: Mapping[str, Any], ledger: Ledger, files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """Return the bundle of a report and the last link of its chain; the same input gives the same bytes.

    ``about`` says what the report is (``title`` among it), as JSON values.
    """
    records: list[Record] = [{"record": "report", "id": "report", "schema": SCHEMA, **about}]
    records += [{"record": "input", **asdict(one)} for one in ledger.inputs.values()]
    records += [{"record": "number", **asdict(one)} for one in ledger.numbers.values()]
    records += [{"record": "file", "id": name, "sha256": _digest(content)} for name, content in files.items()]
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True).encode() for one in records]
    links = list(_links(lines))
    chain = [f"{link} {one['id']}".encode() for link, one in zip(links, records, strict=True)]
    members = {"records.jsonl": b"\n".join(lines), "chain.txt": b"\n".join(chain), **files}
    return write_zip(members), links[-1]


def records_of(content: bytes) -> list[Record]:
    """Return the records of a bundle, in order, unchecked; those that cannot be read are left out."""
    return _records(_members(content, "report.zip")["records.jsonl"].split(b"\n"))


def verify(content: bytes, name: str = "report.zip") -> Verdict:
    """Return what of a bundle holds; raise UserError for a file that is no bundle."""
    members = _members(content, name)
    lines = members["records.jsonl"].split(b"\n")
    chain = [line.decode("utf-8", "replace").partition(" ") for line in members["chain.txt"].split(b"\n")]
    found = _Found(_records(lines))
    wrong = list(found.value_faults())
    faults = [*_chain_faults(lines, [(link, said) for link, _, said in chain], found), *wrong]
    faults += _file_faults(members, found)
    recomputed = [one for one in found.numbers if one["how"] and one["id"] not in {fault.id for fault in wrong}]
    return Verdict(
        head=chain[-1][0],
        title=str(found.about.get("title", "")),
        numbers=len(found.numbers),
        recomputed=tuple(one["id"] for one in recomputed),
        taken=tuple(one["id"] for one in recomputed if one["how"]["do"] == "take"),
        traced=tuple(one["id"] for one in found.numbers if not one["how"]),
        faults=tuple(faults),
    )


def _members(content: bytes, name: str) -> dict[str, bytes]:
    members = read_zip(content, name)
    missing = [one for one in ("records.jsonl", "chain.txt") if one not in members]
    if missing:
        raise UserError(f"{name} is no bundle of a report: it has no {missing[0]}.")
    return members


class _Found:
    """The records of a bundle by kind, and what each number comes to."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = {str(one["id"]): one for one in records}
        self.numbers = [one for one in records if one["record"] == "number"]
        self.files = [one for one in records if one["record"] == "file"]
        self.about: Record = self.records.get("report", {})
        self._exact: dict[str, Fraction | None] = {}

    def value_of(self, name: str) -> str | Fraction | None:
        """Return an input as stated, or a number recomputed; a KeyError where it is named before it is there."""
        one = self.records[name]
        return self._exact[name] if one["record"] == "number" else one["value"]

    def value_faults(self) -> Iterator[Fault]:
        """Recompute every number in order; yield those that come to something else."""
        for one in self.numbers:
            try:
                self._exact[one["id"]] = exact = self._recomputed(one)
            except (UserError, ValueError) as error:
                yield Fault("unreadable", one["id"], {"label": one["label"], "why": str(error)})
                continue
            value = None if exact is None else rounded(exact * one["scale"], one["places"])
            if one["how"] and value != one["value"]:
                said = {"label": one["label"], "printed": _said(one["value"]), "recomputed": _said(value)}
                yield Fault("value", one["id"], said)

    def _recomputed(self, one: Record) -> Fraction | None:
        if one["how"]:
            return evaluate(one["how"], self.value_of)
        return None if one["value"] is None else Fraction(one["value"])

    def users(self, name: str) -> str:
        """Return the numbers that name a quantity, joined."""
        return ", ".join(one["id"] for one in self.numbers if one["how"] and name in needs(one["how"]))


def _chain_faults(lines: list[bytes], chain: list[tuple[str, str]], found: _Found) -> Iterator[Fault]:
    if len(lines) != len(chain):
        yield Fault("length", "chain.txt", {"records": str(len(lines)), "links": str(len(chain))})
    stored = computed = GENESIS
    for line, (link, name) in zip(lines, chain, strict=False):
        expected = {_link(stored, line), _link(computed, line)}  # a wrong link does not accuse the record after it
        record = _record(line)
        if link not in expected or (record is not None and record["id"] != name):
            one = found.records.get(name, {})
            yield Fault("record", name, {"label": str(one.get("label", "")), "users": found.users(name) or "0"})
        stored, computed = link, _link(computed, line)


def _file_faults(members: Mapping[str, bytes], found: _Found) -> Iterator[Fault]:
    for one in found.files:
        content = members.get(one["id"])
        if content is None or _digest(content) != one["sha256"]:
            yield Fault("file", one["id"], {})
        if content is not None and one["id"] in _FACES:
            yield from _face_faults(one["id"], content, found)


def _face_faults(name: str, content: bytes, found: _Found) -> Iterator[Fault]:
    """Compare the numbers as a file prints them with those of the records."""
    code, read = _FACES[name]
    try:
        printed = read(content)
    except UserError as error:
        yield Fault("unreadable", name, {"label": name, "why": str(error)})
        return
    for number, text in printed:
        one = found.records.get(number)
        if one is None or not _is_same(text, one["value"]):
            label = "" if one is None else one["label"]
            said = _said(None if one is None else one["value"])
            yield Fault(code, number, {"label": label, "printed": text, "recorded": said})
    if code == "excel":  # a workbook holds every number, a Word document those that its text needs
        for number in sorted({one["id"] for one in found.numbers} - {number for number, _ in printed}):
            yield Fault("excel_missing", number, {"label": found.records[number]["label"]})


def _is_same(text: str, value: str | None) -> bool:
    if value is None:
        return text in UNKNOWN
    try:
        return Fraction(text) == Fraction(value)
    except (ValueError, ZeroDivisionError):
        return False


def _records(lines: Sequence[bytes]) -> list[Record]:
    return [one for one in map(_record, lines) if one is not None]


def _record(line: bytes) -> Record | None:
    """Return the record of a line; None where it can no longer be read, which the chain names."""
    try:
        said = json.loads(line)
        is_whole = {"record", "id"} <= said.keys() and said.keys() >= _MUST_SAY.get(said["record"], set())
    except (ValueError, AttributeError):
        return None
    return said if is_whole else None


_MUST_SAY = {"number": {"label", "value", "places", "scale", "how"}, "input": {"value"}, "file": {"sha256"}}
"""What a record of a kind is read for; one that lacks it can no longer be read."""


def _said(value: str | None) -> str:
    return UNKNOWN[1] if value is None else value


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _link(previous: str, line: bytes) -> str:
    return hashlib.sha256(previous.encode() + b"\n" + line).hexdigest()


def _links(lines: Sequence[bytes]) -> Iterator[str]:
    link = GENESIS
    for line in lines:
        link = _link(link, line)
        yield link
