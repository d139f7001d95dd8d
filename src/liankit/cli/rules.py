"""``liankit rules``: list and check schemes, grade enterprises by them, and say why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from liankit.cli.files import check_ending, write_table
from liankit.cli.rules_facts import read_facts
from liankit.errors import UserError, nearest
from liankit.process.check import DefinitionError
from liankit.rules.coverage import uncovered
from liankit.rules.evaluate import Grades, Judged, grade
from liankit.rules.examples import run_all, spoken_by
from liankit.rules.formulas import inputs_of
from liankit.rules.packs import SHIPPED, Body, read_bodies, read_lineage, read_scheme, read_shipped
from liankit.rules.panel import Panel, build_panel
from liankit.rules.scheme import Compare, Item, LeastOf, Scheme, Score, form_of
from liankit.rules.versions import governing
from liankit.rules.vocabulary import Vocabulary

rules = typer.Typer(no_args_is_help=True, help="Rules as data: schemes for titles, boards and clauses of policies.")

_DAY = ["%Y-%m-%d"]
_WORDS = {1: "yes", 0: "no", -1: "unknown"}
_SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}

SchemeKey = Annotated[
    str, typer.Argument(metavar="SCHEME", help="The key of a scheme, or of a title: then the version that governs.")
]
FactTable = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE",
        help="What is known of enterprises; .csv, .xlsx or .parquet. Long: enterprise, input, date, until, number, "
        "text; or wide: enterprise, year, and a column an input. A column `recorded` says since when it is known.",
    ),
]
OnDay = Annotated[datetime, typer.Option(formats=_DAY, help="The day of the law.")]
Application = Annotated[str, typer.Option(help="new or recheck.")]
KnownOn = Annotated[datetime | None, typer.Option(formats=_DAY, help="Leave out what was recorded after this day.")]


def shipped() -> tuple[tuple[Scheme, ...], Vocabulary]:
    """Return the schemes and the vocabulary that are shipped for every district."""
    found = read_lineage()
    return found.schemes, found.vocabulary


def facts_of_one(table: Path, vocabulary: Vocabulary, enterprise: str) -> pl.DataFrame:
    """Return the facts of one enterprise; UserError names the nearest one where there is none of that name."""
    return _only(read_facts(table, vocabulary), table, enterprise)


def _only(facts: pl.DataFrame, table: Path, enterprise: str) -> pl.DataFrame:
    found = facts.filter(enterprise=enterprise)
    if found.is_empty():
        hint = nearest(enterprise, facts["enterprise"].unique())
        raise UserError(f"{table}: nothing is said of an enterprise '{enterprise}'.{hint}")
    return found


@rules.command("list")
def list_command(
    on: Annotated[datetime | None, typer.Option(formats=_DAY, help="Only what governs on this day.")] = None,
) -> None:
    """List the schemes that are shipped: key, title, since and until when, how sure, examples.

    Example: liankit rules list --on 2024-09-30
    """
    for scheme in shipped()[0]:
        spans = [one for one in scheme.applies if on is None or one.holds(one.application, on.date())]
        if spans:
            times = ", ".join(f"{one.application} {one.start or ''}..{one.until or ''}" for one in spans)
            sure = scheme.source.confidence
            typer.echo(f"{scheme.key}: {scheme.title.en} ({times}; {sure}; {len(scheme.examples)} examples)")


@rules.command("check")
def check_command(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders laid out as packs, the most general first; none: the shipped.")
    ] = None,
) -> None:
    """Check packs: every mistake, every example that comes out otherwise, every bound that no example tries.

    Folders extend the shipped packs; then only the schemes in which they have a part are checked.

    Example: liankit rules check my_pack
    """
    bodies = read_bodies([_folder(one) for one in folders or []], read_shipped())
    vocabulary = bodies.vocabulary()
    names = {folder.resolve().name for folder in folders or []} or set(SHIPPED)
    told = Counter(_checked(body, vocabulary) for body in bodies.schemes if body.file.split("/")[0] in names)
    typer.echo(f"{told.total()} schemes: {told[True]} right, {told[False]} to mend")
    if told[False]:
        raise typer.Exit(1)


def _folder(path: Path) -> Traversable:
    if not path.is_dir():
        raise UserError(f"{path}: there is no such folder. Check the path.")
    return path.resolve()


def _checked(body: Body, vocabulary: Vocabulary) -> bool:
    try:
        scheme = read_scheme(body, vocabulary)
    except DefinitionError as error:
        typer.echo(str(error))
        return False
    ran = run_all(scheme, vocabulary)
    faults = [f"example '{one.example.name.en}': {said}" for one in ran for said in one.differences]
    faults += [f"{one.clause}: {one.what}" for one in uncovered(scheme, vocabulary)]
    typer.echo(f"{body.file}: {len(ran)} examples, {f'{len(faults)} to mend' if faults else 'right'}")
    for said in faults:
        typer.echo(f"  {said}")
    return not faults


@rules.command("run")
def run_command(
    scheme: SchemeKey,
    table: FactTable,
    on: OnDay,
    application: Application = "new",
    known_on: KnownOn = None,
    out: Annotated[
        Path | None, typer.Option(help="A table of all clauses of all enterprises; .csv or .parquet.")
    ] = None,
) -> None:
    """Grade every enterprise of a table: met, not met, or unknown, with the clauses that decide it.

    Example: liankit rules run specialised_sme facts.csv --on 2024-09-30
    """
    if out:
        check_ending(out)
    grades = _grades(scheme, table, (on.date(), application), known_on.date() if known_on else None)
    for row, enterprise in enumerate(grades.panel.enterprises):
        typer.echo(f"{enterprise}: {_WORDS[int(grades.outcome[row])]}{_deciding(grades, row)}")
    counted = Counter(_WORDS[int(one)] for one in grades.outcome)
    typer.echo(f"{grades.scheme.key} on {on.date()}: " + ", ".join(f"{counted[one]} {one}" for one in _WORDS.values()))
    if out:
        write_table(_told(grades), out)
        typer.echo(f"Written to {out}")


@rules.command("explain")
def explain_command(
    scheme: SchemeKey,
    table: FactTable,
    enterprise: Annotated[str, typer.Argument(help="Which enterprise.")],
    on: OnDay,
    application: Application = "new",
    known_on: KnownOn = None,
) -> None:
    """Say of one enterprise how every clause came out, with value, bound, and what to ask where it is not known.

    Example: liankit rules explain specialised_sme facts.csv E12 --on 2024-09-30
    """
    known = known_on.date() if known_on else None
    grades = _grades(scheme, table, (on.date(), application), known, enterprise)
    source = grades.scheme.source
    typer.echo(f"{grades.scheme.title.en} ({grades.scheme.key}), {source.title.en}: {source.confidence}")
    typer.echo(f"{enterprise} on {on.date()}: {_WORDS[int(grades.outcome[0])]}")
    for judged in grades.clauses:
        typer.echo(f"{'  ' * (judged.depth + 1)}{_line(judged)}")
    for question in _questions(grades):
        typer.echo(f"ask: {question}")


def _grades(
    key: str, table: Path, when: tuple[date, str], known_on: date | None, enterprise: str | None = None
) -> Grades:
    schemes, vocabulary = shipped()
    scheme = _scheme(schemes, key, *when)
    asked = spoken_by(scheme, vocabulary)
    facts = read_facts(table, vocabulary, known_on, asked)
    if enterprise is not None:
        facts = _only(facts, table, enterprise)
    return grade([scheme], build_panel(facts, asked, when[0]))[0]


def _scheme(schemes: Iterable[Scheme], key: str, on: date, application: str) -> Scheme:
    """Return a scheme by its key, or the one that governs an application for a title."""
    if application not in ("new", "recheck"):
        raise UserError(f"--application {application}: there are new and recheck.")
    by_key = {one.key: one for one in schemes}
    if key in by_key:
        return by_key[key]
    titles = {one.grants for one in by_key.values()}
    if key not in titles:
        hint = nearest(key, [*by_key, *titles])
        raise UserError(f"There is no scheme or title '{key}'.{hint} `liankit rules list` shows all.")
    found = governing(by_key.values(), key, application, on)
    if found is None:
        raise UserError(f"No scheme governs a {application} application for '{key}' on {on}. Choose another day.")
    return found


def _deciding(grades: Grades, row: int) -> str:
    """Name the clauses for which an enterprise is not, or not surely, met: the deepest that are as the whole is."""
    outcome = int(grades.outcome[row])
    if outcome == 1:
        return ""
    vetoes = {one.key for one in grades.scheme.vetoes}
    named = [
        one.node.key
        for one in grades.clauses
        if isinstance(one.node, Compare | Score)
        and int(one.holds[row]) == ((1 if outcome == 0 else -1) if one.node.key in vetoes else outcome)
    ]
    return f" ({', '.join(named)})" if named else ""


def _told(grades: Grades) -> pl.DataFrame:
    """Return the table of reasons with the names of enterprises and clauses."""
    clauses = [one.node.key for one in grades.clauses]
    table = grades.table()
    enterprise = grades.panel.enterprises.gather(table["row"]).alias("enterprise")
    clause = pl.Series("clause", clauses, dtype=pl.String).gather(table["clause"])
    return table.select(enterprise, pl.lit(grades.scheme.key).alias("scheme"), clause, "holds", "low", "high")


def _line(judged: Judged) -> str:
    node, word = judged.node, _WORDS[int(judged.holds[0])]
    if isinstance(node, Item | Score):
        bound = f", {judged.threshold:g} needed" if isinstance(node, Score) else ""
        worth = _between(judged.low[0], judged.high[0])
        return f"{'' if isinstance(node, Item) else f'{word}: '}{node.title.en}: {worth} points{bound}"
    if isinstance(node, Compare):
        return f"{word}: {node.title.en}{_compared(node, judged)}"
    least = f" (at least {node.count})" if isinstance(node, LeastOf) else ""
    return f"{word}: {node.title.en} [{form_of(node)}{least}]"


def _compared(node: Compare, judged: Judged) -> str:
    sign = next((sign for way, sign in _SIGNS.items() if getattr(node, way) is not None), "")
    if not sign:
        return ""
    return f" ({_between(judged.low[0], judged.high[0])} {sign} {judged.threshold:,.10g})"


def _between(low: float, high: float) -> str:
    if low != low:
        return "unknown"
    return f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"


def _questions(grades: Grades) -> Iterator[str]:
    """Yield what to ask: the inputs that no fact settles, of the clauses that are not known."""
    vocabulary = grades.panel.vocabulary
    formulas = vocabulary.formulas
    asked: set[str] = set()
    for judged in grades.clauses:
        key = getattr(judged.node, "quantity", None)
        is_open = judged.holds[0] < 0 or (len(judged.low) > 0 and judged.low[0] != judged.high[0])
        if key and is_open:
            asked |= inputs_of(key, formulas)
    yield from (one.ask.en for one in vocabulary.inputs if one.key in asked and not _is_known(grades.panel, one.key))


def _is_known(panel: Panel, key: str) -> bool:
    if key in panel.events:
        return bool(panel.events[key].is_known[0])
    if key in panel.coded:
        return bool(panel.coded[key][0][0] >= 0)
    values = panel.yearly[key][-1] if key in panel.yearly else panel.single[key]
    return not np.isnan(values[0])
