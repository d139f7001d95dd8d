"""``liandesk load``: files become facts; every row that does not is accounted for."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, CommandParser

from liandesk.base.accounts.management.actor import actor
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.models import Landing
from liandesk.base.memory import peak_mb
from liandesk.base.prepare import prepare
from liandesk.know.sources import queries, reports
from liandesk.know.sources.actions import Loaded, load, load_made, preview
from liandesk.know.sources.mappings import looks_of, remembered
from liandesk.know.sources.readers import source_of, sources
from liandesk.know.sources.reading import Reading, Source
from liankit.texts import Language

ROWS_WAIT, NOTHING_GOOD = 7, 8
_TABLES = {".csv", ".gz", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et"}
_COUNTS = ("seen", "good", "bad", "blank", "notes", "repeated")


class Command(BaseCommand):
    help = (
        "Load files of a source. Example: liandesk load workbook inputs.xlsx --report problems.csv. "
        "Exit codes: 0 all rows are in (or were already), 2 a file cannot be read, 3 not allowed, 5 the disk is full, "
        "7 loaded but some rows were kept out, 8 no good row and nothing loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", metavar="SOURCE", help="one of: " + ", ".join(sources()))
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, or folders of files")
        parser.add_argument("--sender", default="", help="whose sheets they are: read as was said of them on the page")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="write the report, a line a problem")
        parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the report (default: zh)")
        parser.add_argument("--by", metavar="NAME", help="the account that loads, for the log; else the command itself")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
        parser.add_argument("--list", action="store_true", help="show the sources and what is loaded")
        parser.add_argument("--enterprises", type=int, default=300, help="size of a synthetic district")
        parser.add_argument("--seed", type=int, default=1, help="of a synthetic district")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        by = actor(options["by"])
        if options["list"]:
            self._list(by)
            return
        if not options["source"]:
            raise CommandError("Name a source: " + ", ".join(sources()) + ". `liandesk load --list` shows them.")
        source = source_of(options["source"])
        started = time.perf_counter()
        loaded = _do(source, options, by)
        if options["report"] and loaded.reading:
            reports.write_report(loaded.reading.problems, source, options["report"], options["language"])
        said = _said(source, loaded, options["dry_run"], time.perf_counter() - started)
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) if options["json"] else _as_text(said))
        _fail_for_rows(loaded, said)

    def _list(self, by: Viewer) -> None:
        for source in sources().values():
            self.stdout.write(f"{source.key:<12} {source.title['en']}")
        self.stdout.write("")
        for landing in queries.loads(by):
            self.stdout.write(_landing_line(landing))


def _do(source: Source, options: dict[str, Any], by: Viewer) -> Loaded:
    if source.make:
        if options["paths"] or options["dry_run"]:
            raise CommandError(f"The source {source.key} makes its own files: it takes no path and no dry run.")
        made = {name: options[name] for name in ("enterprises", "seed")}
        return load_made(source=source, options=made, by=by)
    paths = [file for path in options["paths"] for file in _files(path)]
    if not paths:
        raise CommandError("Name the files to load, or a folder that holds them.")
    mapped = remembered(looks_of(source, paths), sender=options["sender"], by=by) if options["sender"] else {}
    if options["dry_run"]:
        return Loaded("loaded", None, preview(source=source, paths=paths, by=by, mapped=mapped))
    return load(source=source, paths=paths, by=by, mapped=mapped)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in _TABLES)


def _said(source: Source, loaded: Loaded, is_dry: bool, seconds: float) -> dict[str, Any]:
    reading, landing = loaded.reading, loaded.landing
    receipt = queries.receipt_of(landing) if landing else None
    return {
        "source": source.key,
        "synthetic": source.is_synthetic,
        "status": "dry_run" if is_dry else loaded.status,
        "load": landing.key if landing else None,
        "tables": reading.counts if reading else landing.counts if landing else {},
        "facts": receipt.facts if receipt else _count(reading),
        "lost": reading.lost if reading else receipt.lost if receipt else {},
        "first": _first_of_each(reading, source) if reading else {},
        "settled": receipt.settled if receipt and reading else 0,
        "seconds": round(seconds, 2),
        "peak_mb": peak_mb(),
    }


def _count(reading: Reading | None) -> int:
    return reading.facts.select(pl.len()).collect().item() if reading else 0


def _first_of_each(reading: Reading, source: Source) -> dict[str, str]:
    """Return the first row that each error kept out, in words."""
    errors = reading.problems.filter(pl.col("severity") == "error").unique("code", keep="first", maintain_order=True)
    language: Language = "en"
    return {
        code: f"{line.file} row {line.row or '-'}: {line.what}"
        for code, line in zip(errors["code"], reports.lines(errors, source, language), strict=True)
    }


def _as_text(said: dict[str, Any]) -> str:
    return "\n".join([*_head(said), *_table_lines(said["tables"]), *_lost_lines(said), *_tail(said)])


def _head(said: dict[str, Any]) -> list[str]:
    words = {
        "loaded": f"Loaded as {said['load']}.",
        "already_loaded": f"The same content is loaded already as {said['load']}; nothing was changed.",
        "nothing_good": "No good row; nothing was loaded.",
        "dry_run": "Dry run; nothing was kept.",
    }
    return [f"{said['source']}: {words[said['status']]}" + " All of it is synthetic." * said["synthetic"]]


def _table_lines(tables: dict[str, dict[str, int]]) -> list[str]:
    width = max(map(len, tables), default=0)
    head = " ".join(f"{name:>10}" for name in _COUNTS)
    rows = [
        f"{name:<{width}} " + " ".join(f"{counts.get(kind, 0):>10,}" for kind in _COUNTS)
        for name, counts in tables.items()
    ]
    return [f"{'':<{width}} {head}", *rows] if rows else []


def _lost_lines(said: dict[str, Any]) -> list[str]:
    return [
        f"kept out {count:,} by {code}; first: {said['first'].get(code, 'see the report')}"
        for code, count in said["lost"].items()
    ]


def _tail(said: dict[str, Any]) -> list[str]:
    settled = [f"{said['settled']:,} rows that waited came back with it."] if said["settled"] else []
    figures = f"{said['facts']:,} facts, {said['seconds']} s, peak memory {said['peak_mb']:,} MB."
    following = ["Next: liandesk refresh"] if said["status"] == "loaded" else []
    return [*settled, figures, *following]


def _fail_for_rows(loaded: Loaded, said: dict[str, Any]) -> None:
    bad = sum(said["lost"].values())
    if loaded.status == "nothing_good":
        raise CommandError(
            "Mend the rows and load the file again; --report FILE.csv says where.", returncode=NOTHING_GOOD
        )
    if bad and loaded.reading:
        raise CommandError(
            f"{bad:,} rows were kept out. --report FILE.csv says where and what to do"
            + (f"; on the page /loads/{said['load']} they can be mended." if said["load"] else "."),
            returncode=ROWS_WAIT,
        )


def _landing_line(landing: Landing) -> str:
    bad = sum(counts.get("bad", 0) for counts in landing.counts.values() if isinstance(counts, dict))
    good = sum(counts.get("good", 0) for counts in landing.counts.values() if isinstance(counts, dict))
    state = f"withdrawn {landing.withdrawn_at:%Y-%m-%d}" if landing.withdrawn_at else "in force"
    marks = ", synthetic" * landing.is_synthetic
    return (
        f"{landing.key}  {landing.source:<10} {landing.recorded_at:%Y-%m-%d %H:%M}  good {good:,}, bad {bad:,}, "
        f"waiting {landing.waiting:,}  {state}{marks}  {landing.title}"  # type: ignore[attr-defined]
    )
