"""Proven bounds of concentration over a list of suppliers of which some shares and some countries are unknown.

Every column pair ``*_low``/``*_high`` holds the least and the greatest value over all ways to fill in what is
unknown: shares not negative and of sum 1, an unknown country any country. It is computed twice, as only the reader of
a list knows whether it is exhaustive: ``closed_*`` where nobody else supplies, ``open_*`` where others may, any
number of them.

Notation: ``rest`` = 1 - sum of the known shares, falls to the ``blanks`` (listed suppliers of unknown share) in a
closed list and to anybody in an open one. A sum of squares is convex: it is greatest with the rest in one place,
least with the rest poured like water over the lowest places, up to ``level``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

MEASURES = ("share", "supplier_hhi", "country_hhi", "import_share")
"""The intervals of a list: ``{closed,open}_{measure}_{low,high}``."""


def bound_concentration(links: pl.DataFrame, home_country: str) -> pl.DataFrame:
    """Return one row a list with its counts, its first supplier and the bounds of the four ``MEASURES``.

    ``links`` has ``list``, ``supplier``, ``country``, ``share`` (0-1, null unknown). Columns returned: ``list``,
    ``suppliers``, ``blanks``, ``rest``, ``first_supplier`` (of greatest known share) with its ``first_share`` (0 where
    none is known), ``first_is_largest`` (whether that is proven) and the bounds, all from 0 to 1.
    Time and memory grow with the rows of ``links`` (one sort of the known countries of each list).
    """
    lists = _sum_links(links, home_country)
    lists = lists.join(_sum_countries(links, lists), on="list", how="left")
    lists = lists.with_columns(pl.col("known_sq", "known_top", "fill_extra").fill_null(0.0))
    bounds = {**_share_bounds(), **_supplier_bounds(), **_country_bounds(), **_import_bounds()}
    clipped = [bound.clip(0.0, 1.0).alias(name) for name, bound in bounds.items()]
    first = ("first_supplier", pl.col("top").alias("first_share"), _is_proven_largest())
    return lists.select("list", "suppliers", "blanks", "rest", *first, *clipped)


def _sum_links(links: pl.DataFrame, home_country: str) -> pl.DataFrame:
    share, blank, placeless = pl.col("share"), pl.col("share").is_null(), pl.col("country").is_null()
    away = pl.col("country") != home_country
    sums = links.group_by("list").agg(
        pl.len().cast(pl.Int64).alias("suppliers"),
        blank.sum().cast(pl.Int64).alias("blanks"),
        share.sum().alias("known"),
        share.max().fill_null(0.0).alias("top"),
        (share == share.max()).sum().alias("tops"),
        pl.col("supplier")
        .sort_by(share, "supplier", descending=[True, False], nulls_last=True)
        .first()
        .alias("first_supplier"),
        (share * share).sum().alias("sq"),
        share.filter(placeless).sum().alias("placeless"),
        (share * share).filter(placeless).sum().alias("placeless_sq"),
        (blank & placeless).sum().cast(pl.Int64).alias("blanks_placeless"),
        share.filter(away).sum().alias("away"),
        (blank & away).any().alias("blank_away"),
        (blank & ~away).any().alias("blank_home"),
    )
    return sums.with_columns((1 - pl.col("known")).clip(0.0, 1.0).alias("rest"))


def _sum_countries(links: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Sum the known countries of each list: ``known_sq``, ``known_top``, ``blank_top`` and the fill of the rest.

    ``level`` is the height to which ``rest`` fills the countries of the blanks, a placeless blank being an empty
    country of its own: with heights in ascending order the least over k of (rest + sum of the first k) / (k +
    empties). ``fill_extra`` is what this adds to the sum of squares of the known countries.
    """
    known = links.filter(pl.col("country").is_not_null())
    piles = known.group_by("list", "country").agg(
        pl.col("share").sum().alias("pile"), pl.col("share").is_null().any().alias("open")
    )
    filled = _fill(piles.filter("open"), lists)
    tops = piles.group_by("list").agg(
        (pl.col("pile") ** 2).sum().alias("known_sq"),
        pl.col("pile").max().alias("known_top"),
        pl.col("pile").filter("open").max().alias("blank_top"),
    )
    return tops.join(filled, on="list", how="full", coalesce=True)


def _fill(piles: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Pour the rest of each list over its open piles; in arrays, as windows over so many small groups take longer."""
    piles = piles.join(lists.select("list", "rest", "blanks_placeless"), on="list").sort("list", "pile")
    starts = np.flatnonzero(piles["list"].rle_id().diff(null_behavior="ignore").fill_null(1).to_numpy())
    sizes = np.diff(np.append(starts, len(piles)))
    pile, rest = piles["pile"].to_numpy(), piles["rest"].to_numpy()
    empties = piles["blanks_placeless"].to_numpy()
    below = np.cumsum(pile) - np.repeat(np.cumsum(pile)[starts] - pile[starts], sizes)
    k = np.arange(len(piles)) - np.repeat(starts, sizes) + 1
    on_empties = np.divide(rest, empties, out=np.full(len(piles), np.inf), where=empties > 0)
    filled_to = np.minimum((rest + below) / (empties + k), on_empties)
    level = np.minimum.reduceat(filled_to, starts) if len(starts) else filled_to
    extra = np.maximum(pile, np.repeat(level, sizes)) ** 2 - pile**2
    return pl.DataFrame(
        {
            "list": piles["list"].gather(starts),
            "level": level,
            "fill_extra": np.add.reduceat(extra, starts) if len(starts) else extra,
        }
    )


def _share_bounds() -> dict[str, pl.Expr]:
    """Bound the largest share; the mean of the blanks bounds their maximum from below, it is no guess of any of
    them."""
    top, rest, blanks = pl.col("top"), pl.col("rest"), pl.col("blanks")
    mean = pl.when(blanks > 0).then(rest / blanks).otherwise(0.0)
    return {
        "closed_share_low": pl.max_horizontal(top, mean),
        "closed_share_high": pl.when(blanks > 0).then(pl.max_horizontal(top, rest)).otherwise(top),
        "open_share_low": top,
        "open_share_high": pl.max_horizontal(top, rest),
    }


def _supplier_bounds() -> dict[str, pl.Expr]:
    sq, rest, blanks = pl.col("sq"), pl.col("rest"), pl.col("blanks")
    return {
        "closed_supplier_hhi_low": sq + pl.when(blanks > 0).then(rest**2 / blanks).otherwise(0.0),
        "closed_supplier_hhi_high": sq + pl.when(blanks > 0).then(rest**2).otherwise(0.0),
        "open_supplier_hhi_low": sq,
        "open_supplier_hhi_high": sq + rest**2,
    }


def _country_bounds() -> dict[str, pl.Expr]:
    """Bound the HHI of countries; a placeless supplier may stand alone or join the largest country."""
    rest, blanks, top = pl.col("rest"), pl.col("blanks"), pl.col("known_top")
    known_sq, placeless = pl.col("known_sq"), pl.col("placeless")
    low = known_sq + pl.col("placeless_sq")
    level = pl.col("level").fill_null(rest / pl.col("blanks_placeless"))
    poured = pl.col("fill_extra") + pl.when(pl.col("blanks_placeless") > 0).then(
        pl.col("blanks_placeless") * level**2
    ).otherwise(0.0)
    anywhere = known_sq - top**2 + (top + placeless + rest) ** 2
    raised = pl.col("blank_top") + rest  # the tallest country that a blank can raise
    tallest = pl.max_horizontal(raised, top)
    confined = known_sq - pl.col("blank_top") ** 2 + raised**2 - tallest**2 + (tallest + placeless) ** 2
    nowhere = known_sq - top**2 + (top + placeless) ** 2
    return {
        "closed_country_hhi_low": pl.when(blanks > 0).then(low + poured).otherwise(low),
        "closed_country_hhi_high": pl.when(blanks == 0)
        .then(nowhere)
        .when(pl.col("blanks_placeless") > 0)
        .then(anywhere)
        .otherwise(confined),
        "open_country_hhi_low": low,
        "open_country_hhi_high": anywhere,
    }


def _import_bounds() -> dict[str, pl.Expr]:
    away, rest, blanks = pl.col("away"), pl.col("rest"), pl.col("blanks")
    placeless_blank = pl.col("blanks_placeless") > 0
    must = (blanks > 0) & ~pl.col("blank_home") & ~placeless_blank
    can = pl.col("blank_away") | placeless_blank
    most = away + pl.col("placeless")
    return {
        "closed_import_share_low": away + pl.when(must).then(rest).otherwise(0.0),
        "closed_import_share_high": most + pl.when(can).then(rest).otherwise(0.0),
        "open_import_share_low": away,
        "open_import_share_high": most + rest,
    }


def _is_proven_largest() -> pl.Expr:
    """Whether ``first_supplier`` is the largest: its known share beats every other known share and all of the
    rest."""
    return ((pl.col("tops") == 1) & (pl.col("top") > pl.col("rest"))).alias("first_is_largest")
