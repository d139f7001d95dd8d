"""Check the bundle of a report without the program that made it: ``python verify_report.py report.zip``.

Needs Python 3.11 and nothing else, and shares no code with the program. It says whether the chain of hashes holds,
computes every number again from the inputs in the bundle, compares the numbers printed in the Word document and in the
workbook with those computed, and names each one that differs. Numbers that a model gave cannot be computed again; they
are listed with their source. Compare the last link with the one on the page of the report, or in the log.
Exit code: 0 all holds, 1 something does not, 2 the file is no bundle.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import math
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

WORDS = {"do", "equal", "counting", "direction"}
RECORDS, CHAIN, WORD, EXCEL = "records.jsonl", "chain.txt", "report.docx", "report.xlsx"


def main(arguments: list[str]) -> int:
    """Check the file that is named; print what was found."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        members = unpack(Path(arguments[0]).read_bytes())
        lines, chain = members[RECORDS].split(b"\n"), members[CHAIN].decode("utf-8", "replace").split("\n")
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        print(f"{arguments[0]} is no bundle of a report, or its container is damaged: {error}")
        return 2
    return report(lines, chain, members)


def report(lines: list[bytes], chain: list[str], members: dict[str, bytes]) -> int:
    """Print the verdict on an unpacked bundle; return the exit code."""
    records = {one["id"]: one for one in map(parsed, lines) if one}
    numbers = [one for one in records.values() if one["record"] == "number"]
    found, wrong = computed(numbers, records)
    wrong = [*broken_links(lines, chain, records, numbers), *wrong, *wrong_files(records, members)]
    wrong += wrong_prints(members, records)
    followed = [one for one in numbers if one.get("how")]
    taken = [one for one in followed if one["how"].get("do") == "take"]
    share = f" ({len(followed) / len(numbers):.0%})" if numbers else ""
    print(
        f"{len(numbers)} numbers, {len(followed)} can be computed again{share}, {len(taken)} of them taken unchanged."
    )
    for one in numbers:
        if not one.get("how"):
            print(f"traced only: {one['id']} {one['label']}: {one['value']} {one['unit']} — {one['source']}")
    for line in wrong:
        print(f"WRONG: {line}")
    print(f"last link: {chain[-1].partition(' ')[0]}")
    print(f"{len(wrong)} things do not hold." if wrong else f"All holds; {len(found)} numbers were computed again.")
    return 1 if wrong else 0


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip, whether or not their checksums hold."""
    members = {}
    for info in zipfile.ZipFile(io.BytesIO(content)).infolist():
        head = info.header_offset
        start = head + 30 + sum(int.from_bytes(content[head + at : head + at + 2], "little") for at in (26, 28))
        packed = content[start : start + info.compress_size]
        members[info.filename] = zlib.decompress(packed, -15) if info.compress_type == zipfile.ZIP_DEFLATED else packed
    return members


def parsed(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line; None where it can no longer be read."""
    try:
        said = json.loads(line)
        wanted = {"number": ("label", "value", "unit", "places", "scale", "how", "source"), "input": ("value",)}
        return said if all(key in said for key in ("id", *wanted.get(said["record"], ()))) else None
    except (ValueError, KeyError, TypeError):
        return None


def broken_links(
    lines: list[bytes], chain: list[str], records: dict[str, Any], numbers: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield each record whose line is not the one that was sealed, and the numbers that follow from it."""
    if len(lines) != len(chain):
        yield f"there are {len(lines)} records and {len(chain)} links"
    before = again = "0" * 64
    for line, sealed in zip(lines, chain, strict=False):
        link, _, name = sealed.partition(" ")
        right = [hashlib.sha256(previous.encode() + b"\n" + line).hexdigest() for previous in (before, again)]
        record = parsed(line)
        if link not in right or (record and record["id"] != name):
            users = [one["id"] for one in numbers if one.get("how") and name in named(one["how"])]
            label = records.get(name, {}).get("label", "")
            yield f"{name} {label}: its record was changed{'; ' + ', '.join(users) + ' use it' if users else ''}"
        before, again = link, right[1]


def named(how: dict[str, Any]) -> list[str]:
    """Return the ids that an expression names."""
    lists = [[value] if isinstance(value, str) else value for key, value in how.items() if key not in WORDS]
    return [name for names in lists for name in names]


def computed(numbers: list[dict[str, Any]], records: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what each number comes to, by id, and a line for each that comes to something else than is printed."""
    exact: dict[str, Any] = {}
    wrong = []
    values = {name: one.get("value") for name, one in records.items() if one["record"] == "input"}
    for one in numbers:
        if not one["how"]:
            values[one["id"]] = one["value"]
            continue
        try:
            value = compute(one["how"], values)
        except (KeyError, TypeError, ValueError) as error:
            wrong.append(f"{one['id']} {one['label']}: cannot be computed again ({error!r})")
            continue
        values[one["id"]] = exact[one["id"]] = value
        again = None if value is None else printed(value * one["scale"], one["places"])
        if again != one["value"]:
            wrong.append(f"{one['id']} {one['label']}: says {one['value']}, comes to {again}")
    return exact, wrong


def compute(how: dict[str, Any], values: dict[str, Any]) -> Fraction | None:
    """Return what an expression comes to, exactly; None where something it needs is unknown."""
    do = how["do"]
    if do == "count":
        said = [values[name] for name in how["of"]]
        wanted = how.get("equal")
        return Fraction(len([one for one in said if one is not None and (not wanted or str(one) == wanted)]))
    if do == "weighted":
        return weighted(*([values[name] for name in how[key]] for key in ("of", "weights", "plus")))
    if do in ("rank", "reaching"):
        return place(do, values[how["of"]], [values[name] for name in how["among"]])
    given = {key: values[name] for key, name in how.items() if key not in WORDS and isinstance(name, str)}
    if do == "grade":
        return grade(*(given[key] for key in ("completion", "time", "ahead", "behind")))
    if do in ("time_progress", "days"):
        return elapsed(given) if do == "time_progress" else days(given["start"], given["end"])
    if None in [given.get(key) for key in ("of", "less", "by", "part", "value", "goal") if key in given]:
        return None
    listed = [values[name] for name in how["of"]] if isinstance(how.get("of"), list) else []
    if None in listed:
        return None
    number = {key: Fraction(value) for key, value in given.items() if value is not None}
    if do == "take":
        return number["of"]
    if do == "sum":
        return sum(map(Fraction, listed), Fraction(0))
    if do == "product":
        return math.prod(map(Fraction, listed), start=Fraction(1))
    if do == "max":
        return max(map(Fraction, listed), default=None)
    if do == "difference":
        return number["of"] - number["less"]
    if do == "ratio":
        return divided(number["of"], number["by"])
    if do == "share":
        return divided(number["part"], sum(map(Fraction, listed), Fraction(0)))
    if do == "completion":
        return completion(how, number)
    raise ValueError(f"no operation {do}")


def completion(how: dict[str, Any], number: dict[str, Fraction]) -> Fraction | None:
    """Return the share of a goal that was reached, or of the way from the baseline to it."""
    value, goal, baseline = number["value"], number["goal"], number.get("baseline")
    if baseline is not None and how["counting"] in ("level", "rate", "growth"):
        return divided(value - baseline, goal - baseline)
    return divided(goal, value) if how.get("direction") == "down" else divided(value, goal)


def grade(done: Any, time: Any, ahead: Any, behind: Any) -> Fraction | None:
    """Return the level of an evaluation: 4 reached early, 3 ahead, 2 on track, 1 behind; None unknown."""
    if None in (time, ahead, behind):
        return None
    is_over = Fraction(time) >= 1
    if done is None:
        return Fraction(1) if is_over else None
    apart = Fraction(done) - Fraction(time)
    if Fraction(done) >= 1:
        return Fraction(2) if is_over else Fraction(4)
    if is_over or apart + Fraction(behind) < 0:
        return Fraction(1)
    return Fraction(3) if apart > Fraction(ahead) else Fraction(2)


def weighted(points: list[Any], weights: list[Any], plus: list[Any]) -> Fraction | None:
    """Return the mean of the points that are known, by their weights, and what is added to it."""
    known = [
        (Fraction(one), Fraction(weight or 0)) for one, weight in zip(points, weights, strict=True) if one is not None
    ]
    whole = sum(weight for _one, weight in known)
    if not whole or None in plus:
        return None
    return sum(one * weight for one, weight in known) / whole + sum(map(Fraction, plus), Fraction(0))


def place(do: str, own: Any, among: list[Any]) -> Fraction | None:
    """Return the rank of one among others (1 the greatest), or how many are not less; equal to a millionth is equal."""
    if own is None:
        return None
    apart = [round(Fraction(one) * 10**6) - round(Fraction(own) * 10**6) for one in among if one is not None]
    return Fraction(
        1 + len([one for one in apart if one > 0]) if do == "rank" else len([one for one in apart if one >= 0])
    )


def elapsed(given: dict[str, Any]) -> Fraction | None:
    """Return the share of a span of days that is gone, from 0 to 1."""
    if None in given.values():
        return None
    day, start, end = (date.fromisoformat(given[key]).toordinal() for key in ("day", "start", "end"))
    gone = divided(Fraction(day - start), Fraction(end - start))
    return None if gone is None else min(max(gone, Fraction(0)), Fraction(1))


def days(start: str | None, end: str | None) -> Fraction | None:
    """Return the days from one date to another."""
    return Fraction((date.fromisoformat(end) - date.fromisoformat(start)).days) if start and end else None


def divided(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return left / right if left is not None and right else None


def printed(value: Fraction, places: int) -> str:
    """Return a number as a report prints it: rounded, halves away from zero."""
    units = (abs(value) * 10**places * 2 + 1) // 2
    whole, part = divmod(units, 10**places)
    text = f"{whole}.{part:0{places}}" if places else f"{whole}"
    return f"-{text}" if value < 0 and units else text


def wrong_files(records: dict[str, Any], members: dict[str, bytes]) -> Iterator[str]:
    """Yield the files that are not those that were sealed."""
    for name, one in records.items():
        if one["record"] == "file" and hashlib.sha256(members.get(name, b"")).hexdigest() != one.get("sha256"):
            yield f"{name}: is missing or was changed"


def wrong_prints(members: dict[str, bytes], records: dict[str, Any]) -> Iterator[str]:
    """Yield the numbers that Word or Excel prints otherwise than they are recorded."""
    for name, read in ((WORD, word_numbers), (EXCEL, excel_numbers)):
        if name not in members:
            continue
        try:
            shown = list(read(unpack(members[name])))
        except (KeyError, zipfile.BadZipFile, zlib.error) as error:
            yield f"{name}: cannot be read ({error!r})"
            continue
        for number, text in shown:
            one = records.get(number, {"label": "", "value": ""})
            if not same(text, one["value"]):
                yield f"{number} {one['label']}: {name} prints {text}, recorded is {one['value']}"


def same(text: str, value: str | None) -> bool:
    if value is None:
        return text in ("未知", "unknown")
    try:
        return Fraction(text) == Fraction(value)
    except (ValueError, ZeroDivisionError):
        return False


def word_numbers(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the texts between the ends of the bookmarks of numbers."""
    document = parts["word/document.xml"].decode("utf-8", "replace")
    for start in re.finditer(r'<w:bookmarkStart [^>]*w:name="(num_\d+)[_\d]*"[^>]*>', document):
        between = document[start.end() :].partition("<w:bookmarkEnd")[0]
        yield start[1], html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", between)))


def excel_numbers(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the values of the named cells of numbers: they all lie on one sheet."""
    book = parts["xl/workbook.xml"].decode("utf-8", "replace")
    sheets = re.findall(r'<sheet [^>]*name="([^"]*)"', book)
    texts = re.findall(r"<si>.*?</si>", parts["xl/sharedStrings.xml"].decode("utf-8", "replace"), re.DOTALL)
    for name, sheet, column, row in re.findall(r'name="(num_\d+)">\'?([^\'!<]*)\'?!\$([A-Z]+)\$(\d+)<', book):
        xml = parts[f"xl/worksheets/sheet{sheets.index(sheet) + 1}.xml"].decode("utf-8", "replace")
        cell = re.search(rf'<c r="{column}{row}"([^>]*)><v>([^<]*)</v>', xml)
        if cell and 't="s"' in cell[1]:
            yield name, html.unescape(re.sub(r"<[^>]*>", "", texts[int(cell[2])]))
        else:
            yield name, cell[2] if cell else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
