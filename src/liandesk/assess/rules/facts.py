"""What sources said of organisations as the facts that schemes are graded on. Pure: tables in, tables out.

Of several words on one thing of one day the most trusted source counts; events are all kept. A name that stands for a
code (of a title, of a category) becomes that code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liandesk.base.facts.schema import UNKNOWN, Schema, records_from_facts
from liandesk.know.registry.profiles import trusted_first
from liankit.rules.panel import FACTS
from liankit.rules.vocabulary import Input, Vocabulary

TITLES = "titles"
"""The input whose events are the titles of the registry."""
_TITLE = "title"  # the kind of the registry's titles, and the attribute by which a sheet of facts names one
_TITLE_COLUMNS: Schema = {
    "title": pl.String,
    "organisation": pl.String,
    "awarded_on": pl.Date,
    "expires_on": pl.Date,
}
_FLAGS = {"是": "yes", "有": "yes", "true": "yes", "1": "yes", "否": "no", "无": "no", "false": "no", "0": "no"}


@dataclass(frozen=True)
class Said:
    """The facts for schemes (``FACTS``; ``enterprise`` is the organisation), and how many titles have no known name."""

    facts: pl.DataFrame
    unknown_titles: int


def facts_for_rules(
    facts: pl.DataFrame, members: pl.DataFrame, vocabulary: Vocabulary, precedence: tuple[str, ...]
) -> Said:
    """Return what the inputs of a vocabulary are of each organisation.

    Parameters
    ----------
    facts : lines of ``facts.schema.KNOWN_SCHEMA``; members : record, organisation.
    precedence : the sources, the most trusted first.
    """
    inputs = {one.key: one for one in vocabulary.inputs}
    own = _of_organisations(facts, members, inputs, precedence)
    titles, unknown = _titles(facts, members, inputs.get(TITLES))
    found = pl.concat([own, titles]).unique(maintain_order=True)
    return Said(found.sort("enterprise", "input", "date", nulls_last=False, maintain_order=True), unknown)


def _of_organisations(
    facts: pl.DataFrame, members: pl.DataFrame, inputs: Mapping[str, Input], precedence: tuple[str, ...]
) -> pl.DataFrame:
    said = facts.filter(pl.col("kind") == "organisation", pl.col("attribute").is_in(list(inputs)))
    lines = trusted_first(said.join(members, on="record"), precedence)
    is_event = pl.col("attribute").is_in([key for key, one in inputs.items() if one.kind == "events"])
    once = lines.filter(~is_event).unique(["organisation", "attribute", "valid_from"], keep="first")
    kept = pl.concat([once, lines.filter(is_event)]).filter(pl.col("text").ne_missing(UNKNOWN))
    in_percent = [key for key, one in inputs.items() if one.unit == "percent"]
    is_share = (pl.col("unit") == "share") & pl.col("attribute").is_in(in_percent)
    number = pl.when(is_share).then((pl.col("number") * 100).round_sig_figs(12)).otherwise("number")
    return kept.select(
        enterprise="organisation",
        input="attribute",
        date="valid_from",
        until=pl.lit(None, dtype=pl.Date),
        number=number,
        text=_coded(inputs),
    )


def _coded(inputs: Mapping[str, Input]) -> pl.Expr:
    """Return the code that a text stands for; the text itself where it is a code, or no name of one."""
    text = pl.col("text")
    coded = text
    for key, one in inputs.items():
        names = _FLAGS if one.kind == "flag" else names_of(one)
        if names:
            coded = pl.when(pl.col("attribute") == key).then(text.replace(names)).otherwise(coded)
    return coded


def names_of(one: Input) -> dict[str, str]:
    """Return the code of each name that an input's codes have in tables."""
    return {name: code.code for code in one.codes for name in (code.title.zh, code.title.en, *code.names)}


def _titles(facts: pl.DataFrame, members: pl.DataFrame, one: Input | None) -> tuple[pl.DataFrame, int]:
    """Return the titles of the registry, and those that a sheet of facts names, as events; and how many are unknown."""
    if one is None:
        return pl.DataFrame(schema=FACTS), 0
    listed = records_from_facts(facts, _TITLE, _TITLE_COLUMNS).drop_nulls(["title", "organisation"])
    owners = members.rename({"record": "owner", "organisation": "enterprise"})
    of_registry = listed.rename({"organisation": "owner"}).join(owners, on="owner")
    in_facts = facts.filter(pl.col("kind") == "organisation", pl.col("attribute") == _TITLE).drop_nulls("text")
    of_facts = in_facts.join(owners, left_on="record", right_on="owner").select(
        "enterprise", title="text", awarded_on="valid_from", expires_on=pl.lit(None, dtype=pl.Date)
    )
    said = pl.concat([of_registry.select(of_facts.columns), of_facts])
    code = pl.col("title").replace_strict(names_of(one), default=None, return_dtype=pl.String)
    coded = said.with_columns(text=code)
    known = coded.filter(pl.col("text").is_not_null())
    events = known.select(
        "enterprise",
        input=pl.lit(TITLES),
        date="awarded_on",
        until="expires_on",
        number=pl.lit(None, dtype=pl.Float64),
        text="text",
    )
    return events, coded.height - known.height
