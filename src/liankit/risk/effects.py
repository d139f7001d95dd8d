"""What interventions change: the loss of each item's worst supplier, by the cascade run without and with them.

An intervention is a change of the network, never a number that somebody types: of what a supplier delivers of an item,
to one buyer or to all of them, it covers a share; a stock covers it, or another supplier delivers it. Loss and shares
are those of ``onward``: the low ends are proven, the high ends possible. What several cover of the same delivery does
not add up: the largest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from liankit.errors import UserError
from liankit.risk.cascade.tables import need, number, refuse
from liankit.risk.onward import item_shocks
from liankit.risk.spread import reached, spread

CHANGE_SCHEMA = {
    "intervention": pl.String,
    "item": pl.String,
    "supplier": pl.String,  # whose deliveries it covers
    "buyer": pl.String,  # null: those to every buyer
    "covers": pl.Float64,  # share of the deliveries, 0..1
    "new_supplier": pl.String,  # who delivers them instead; null: a stock, or somebody who stands in no table
}
"""Columns of the table of changes: one row an intervention and delivery that it covers."""
EFFECT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "entry": pl.String,
    "interventions": pl.List(pl.String),  # all of them together, in order
    "before_low": pl.Float64,  # CNY a year, lost with the worst supplier
    "before_high": pl.Float64,  # null: no upper bound is known
    "after_low": pl.Float64,
    "after_high": pl.Float64,
}
"""Columns of the table of effects: one row an entry and set of interventions that touch it."""
FEW = 3
"""Interventions on one entry up to which every set of them is computed; of more, the best, the two best, and so on."""
Beat = Callable[[int, int], None]


@dataclass(frozen=True)
class Chain:
    """What losses are computed from: tables of a refresh.

    ``entries``: those of items, in CNY (``entries_in_cny``); ``shares``: ``supply_shares.SHARE_SCHEMA``; ``needs``:
    buyer, item, line; ``lines`` (with ``item``, ``owner``), ``links``: of ``spread``.
    """

    entries: pl.DataFrame
    shares: pl.DataFrame
    needs: pl.DataFrame
    lines: pl.DataFrame
    links: pl.DataFrame


def entries_in_cny(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries that a portfolio weighs: those of items whose impact is known in CNY.

    The inputs of an item are left out, as their losses are part of its own: nothing counts twice.
    """
    return entries.filter(pl.col("scope") == "item", pl.col("impact_measure") == "output_cny")


def needs_of(lines: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return buyer, item and line of every use that the links tell of."""
    owned = lines.filter(pl.col("owner").is_not_null()).select("line", buyer="owner")
    return links.select("item", line="buyer").unique().join(owned, on="line").select("buyer", "item", "line")


def clean_changes(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table of changes with the columns of ``CHANGE_SCHEMA``; raise ``UserError`` at the first wrong row."""
    what = "interventions"
    need(table, what, ["intervention", "item", "supplier", "covers"])
    table = table.with_columns(pl.lit(None, pl.String).alias(c) for c in CHANGE_SCHEMA if c not in table.columns)
    texts = [name for name, dtype in CHANGE_SCHEMA.items() if dtype == pl.String]
    table = table.with_columns(*(pl.col(texts).cast(pl.String).replace("", None),), number(table, what, "covers"))
    for name in ("intervention", "item", "supplier"):
        refuse(table, pl.col(name).is_null(), what, f"has no {name}. Fill it in.")
    outside = ~pl.col("covers").is_between(0, 1).fill_null(False)
    refuse(table, outside, what, "covers no share from 0 to 1 (80 % is 0.8).", "intervention")
    same = (pl.col("new_supplier") == pl.col("supplier")).fill_null(False)
    refuse(table, same, what, "names its supplier as the new one. Name another, or none.", "intervention")
    return table.select(*CHANGE_SCHEMA)


def check_deliveries(chain: Chain, changes: pl.DataFrame) -> None:
    """Raise ``UserError`` for a change that covers no delivery of the chain: it would never have an effect."""
    hits = _hits(chain.shares, changes.with_row_index("row"))
    lost = changes.with_row_index("row").join(hits, on="row", how="anti")
    if lost.height:
        row = lost.row(0, named=True)
        whom = f"to '{row['buyer']}'" if row["buyer"] else "to anybody"
        raise UserError(
            f"interventions, '{row['intervention']}': '{row['supplier']}' delivers no '{row['item']}' {whom}."
            " Name a supplier and a buyer that the table of shares pairs."
        )


def apply(chain: Chain, changes: pl.DataFrame) -> Chain:
    """Return the chain with the changes made: less from the suppliers covered, more from the new ones."""
    shares, gained = _covered(chain.shares, changes)
    shares = pl.concat([shares, gained.select(shares.columns)])
    key = ["item", "buyer", "supplier", "basis"]
    merged = shares.group_by(key, maintain_order=True).agg(pl.col("share_low", "share_high").sum().clip(0, 1))
    owners = chain.lines.select("line", "owner")
    ends = chain.links.join(owners.rename({"line": "supplier", "owner": "seller"}), on="supplier", how="left")
    ends = ends.join(owners.rename({"line": "buyer", "owner": "user"}), on="buyer", how="left")
    named = ends.rename({"supplier": "from", "buyer": "to", "seller": "supplier", "user": "buyer"})
    links, more = _covered(named, changes)
    made = chain.lines.select("item", from_new="line", supplier="owner").drop_nulls()
    more = more.join(made, on=["item", "supplier"]).with_columns(pl.col("from_new").alias("from"))
    links = pl.concat([links, more.select(links.columns)]).drop("supplier", "buyer")
    links = links.rename({"from": "supplier", "to": "buyer"}).select(chain.links.columns)
    return replace(chain, shares=merged, links=links)


def _covered(rows: pl.DataFrame, changes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rows (item, supplier, buyer, shares) less what is covered, and the rows that new suppliers gain."""
    rows = rows.with_row_index("place")
    hits = _hits(rows, changes).sort("covers", "intervention", descending=[True, False])
    hits = hits.unique("place", keep="first", maintain_order=True)
    left = rows.join(hits.select("place", "covers"), on="place", how="left", maintain_order="left")
    ends = pl.col("share_low", "share_high")
    less = left.with_columns(ends * (1 - pl.col("covers").fill_null(0.0)))
    gained = hits.filter(pl.col("new_supplier").is_not_null())
    gained = gained.with_columns(ends * pl.col("covers"), supplier="new_supplier")
    return less.select(rows.columns).drop("place"), gained.select(rows.columns).drop("place")


def _hits(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Pair each delivery with the changes that cover it; one to nobody named is covered by changes for everybody."""
    pairs = rows.join(changes.rename({"buyer": "whose"}), on=["item", "supplier"])
    return pairs.filter(pl.col("whose").is_null() | (pl.col("whose") == pl.col("buyer")).fill_null(False))


def losses(chain: Chain) -> pl.DataFrame:
    """Return entry, loss_low and loss_high (CNY a year; null: no bound) of each entry: that of its worst supplier.

    The low end is the greatest proven loss of one supplier, so it is 0 where no share is known. An entry on the list
    by the cascade is followed down the chain, any other counts what its buyers lose themselves.
    """
    shocks = item_shocks(chain.entries.select("entry", "item"), chain.shares, chain.needs)
    shocks = shocks.with_columns(scenario=pl.format("{}|{}", "entry", pl.col("supplier").fill_null("")))
    on = chain.entries.filter(pl.col("impact_basis") == "cascade").select("entry")
    sums = [
        _sums(chain.lines, chain.links, shocks.join(on, on="entry", how="semi")),
        _direct_sums(chain.lines, shocks.join(on, on="entry", how="anti")),
    ]
    named = pl.concat(sums).join(shocks.select("scenario", "entry").unique(), on="scenario")
    worst = named.group_by("entry").agg(
        loss_low=pl.col("output_low").max(),
        loss_high=pl.when(pl.col("is_bounded").all()).then(pl.col("output_high").max()),
    )
    found = chain.entries.select("entry", "impact_high").join(worst, on="entry", how="left", maintain_order="left")
    nobody = pl.col("loss_low").is_null()  # delivers any of it: there is no loss
    high = pl.when(nobody).then(0.0).when(pl.col("impact_high").is_not_null()).then("loss_high")
    return found.select(
        "entry", pl.col("loss_low").fill_null(0.0).round_sig_figs(12), loss_high=high.round_sig_figs(12)
    )


def _sums(lines: pl.DataFrame, links: pl.DataFrame, shocks: pl.DataFrame) -> pl.DataFrame:
    """Run the cascade of the shocks over the part of the network that they can reach, with all that feeds it."""
    if shocks.is_empty():
        return pl.DataFrame(schema=_SUMS)
    near = reached(links, shocks).select("line").unique()
    links = links.join(near, left_on="buyer", right_on="line", how="semi", maintain_order="left")
    part = pl.concat([near["line"], links["supplier"], shocks["line"]]).unique().implode()
    return spread(lines.filter(pl.col("line").is_in(part)), links, shocks).select(*_SUMS)


def _direct_sums(lines: pl.DataFrame, shocks: pl.DataFrame) -> pl.DataFrame:
    """Sum what the shocked products lose themselves; a product of unknown output leaves the sum without a bound."""
    hit = shocks.join(lines.filter("is_product").select("line", "output_cny"), on="line", how="left")
    makes = pl.col("line").is_in(lines.filter("is_product")["line"].implode())
    return hit.group_by("scenario").agg(
        output_low=(pl.col("loss_low") * pl.col("output_cny")).sum(),
        output_high=(pl.col("loss_high") * pl.col("output_cny")).sum(),
        is_bounded=(pl.col("output_cny").is_not_null() | ~makes).all(),
    )


_SUMS = {"scenario": pl.String, "output_low": pl.Float64, "output_high": pl.Float64, "is_bounded": pl.Boolean}


def measure(chain: Chain, changes: pl.DataFrame, beat: Beat = lambda done, total: None) -> pl.DataFrame:
    """Return ``EFFECT_SCHEMA``: each intervention alone, then sets of those that touch the same entry, by the engine.

    ``beat`` is called before each run of the engine with how many are done, of how many that are known by then. What
    saves nothing at either end is left out. Raises ``UserError`` where a change covers no delivery.
    """
    changes = clean_changes(changes)
    check_deliveries(chain, changes)
    before = losses(chain).rename({"loss_low": "before_low", "loss_high": "before_high"})
    touches = {name: _touched(chain, changes.filter(intervention=name)) for name in _names(changes)}
    parts = []
    for done, (name, entries) in enumerate(touches.items()):
        beat(done, len(touches))
        parts.append(_effect(chain, changes, (name,), entries, before))
    singles = pl.concat(parts) if parts else pl.DataFrame(schema=EFFECT_SCHEMA)
    together = _sets(singles)
    for done, (chosen, entries) in enumerate(together.items()):
        beat(len(touches) + done, len(touches) + len(together))
        parts.append(_effect(chain, changes, chosen, entries, before))
    return pl.concat(parts) if parts else singles


def measure_together(chain: Chain, changes: pl.DataFrame, chosen: Collection[str]) -> pl.DataFrame:
    """Return entry, loss_low, loss_high of every entry with all the chosen interventions made at once."""
    changes = clean_changes(changes).filter(pl.col("intervention").is_in(list(chosen)))
    return losses(apply(chain, changes))


def _names(changes: pl.DataFrame) -> Iterator[str]:
    yield from changes["intervention"].unique(maintain_order=True)


def _effect(
    chain: Chain, changes: pl.DataFrame, chosen: tuple[str, ...], entries: pl.Series, before: pl.DataFrame
) -> pl.DataFrame:
    """Run the engine with the chosen ones over the entries; keep those that then lose less."""
    made = apply(chain, changes.filter(pl.col("intervention").is_in(chosen)))
    part = replace(made, entries=chain.entries.filter(pl.col("entry").is_in(entries.implode())))
    after = losses(part).rename({"loss_low": "after_low", "loss_high": "after_high"})
    found = after.join(before, on="entry").with_columns(interventions=pl.concat_list(*map(pl.lit, chosen)))
    less = (pl.col("after_low") < pl.col("before_low")) | (pl.col("after_high") < pl.col("before_high"))
    return found.filter(less.fill_null(pl.col("after_low") < pl.col("before_low"))).select(*EFFECT_SCHEMA)


def _touched(chain: Chain, changes: pl.DataFrame) -> pl.Series:
    """Return the entries that an intervention may change: of its items, and of what its suppliers' lines depend on."""
    suppliers = chain.lines.select("line", "item", supplier="owner").join(changes, on=["item", "supplier"], how="semi")
    above = found = suppliers["line"].unique()
    while len(above):
        above = chain.links.filter(pl.col("buyer").is_in(above.implode()))["supplier"].unique()
        above = above.filter(~above.is_in(found.implode()))
        found = pl.concat([found, above])
    upward = chain.needs.filter(pl.col("line").is_in(found.implode()))["item"]
    items = pl.concat([upward, changes["item"]]).unique().implode()
    return chain.entries.filter(pl.col("item").is_in(items))["entry"]


def _sets(singles: pl.DataFrame) -> dict[tuple[str, ...], pl.Series]:
    """Return the sets of two or more to be computed together, each with the entries that it is computed for."""
    saved = (pl.col("before_low") - pl.col("after_low")).alias("saved")
    rows = singles.select("entry", saved, name=pl.col("interventions").list.first())
    ordered = rows.sort("entry", "saved", "name", descending=[False, True, False])
    wanted: dict[tuple[str, ...], list[str]] = {}
    for row in ordered.group_by("entry", maintain_order=True).agg("name").iter_rows(named=True):
        for chosen in _of_entry(row["name"]):
            wanted.setdefault(tuple(sorted(chosen)), []).append(row["entry"])
    return {chosen: pl.Series("entry", entries) for chosen, entries in wanted.items()}


def _of_entry(names: list[str]) -> Iterator[tuple[str, ...]]:
    sizes = range(2, len(names) + 1)
    if len(names) <= FEW:
        yield from (chosen for size in sizes for chosen in combinations(names, size))
    else:
        yield from (tuple(names[:size]) for size in sizes)
