"""A draft of the shipped policies on 10,000 and 100,000 enterprises: what the job of a simulation computes, by part."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import islice, pairwise

import numpy as np
import polars as pl

from liankit.definitions import parse_body
from liankit.rules.benefits import Policy
from liankit.rules.check import build_vocabulary
from liankit.rules.drafts import with_numbers
from liankit.rules.edges import edges_of, near_edge
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.policy_check import build_policy
from liankit.rules.simulate import drawn_costs, simulate
from liankit.rules.vocabulary import Vocabulary

TODAY, LAW = date(2024, 9, 30), date(2025, 1, 1)
DRAWS = 40
_KNOWN = 0.6  # of the figures
_YEARLY = ("revenue_cny", "rd_expense_cny", "equipment_investment_cny", "rent_paid_cny", "product_insurance_cny")


def vocabulary() -> Vocabulary:
    """Return the joined words of the packs."""
    folders = (files("liandesk.packs").joinpath(name, "quantities") for name in ("cn", "zhejiang"))
    texts = [one.read_text("utf-8") for folder in folders if folder.is_dir() for one in folder.iterdir()]
    return build_vocabulary(*map(parse_body, texts))


def policies() -> tuple[Policy, ...]:
    """Return the shipped policies: eleven clauses."""
    names = {"linping_biomed": "biomed_support", "zhejiang": "zhejiang_high_tech"}
    folder = files("liandesk.packs")
    texts = {key: folder.joinpath(pack, "policies", f"{key}.yaml").read_text("utf-8") for pack, key in names.items()}
    return tuple(build_policy(parse_body(text), key) for key, text in texts.items())


def facts(size: int) -> pl.DataFrame:
    """Return two years of figures, loans, titles and towns of enterprises, two in five figures unknown."""
    return pl.concat(_lines(np.random.default_rng(8), pl.Series([f"E{row}" for row in range(size)])))


def _lines(rng: np.random.Generator, names: pl.Series) -> Iterator[pl.DataFrame]:
    base = 10 ** rng.normal(7.5, 0.8, len(names))
    for year in (2022, 2023):
        for name in _YEARLY:
            scale = {"revenue_cny": 1.0, "rd_expense_cny": 0.07}.get(name, 0.02)
            yield _said(
                rng, names, name, number=base * scale * rng.lognormal(0, 0.2, len(names)), day=date(year, 12, 31)
            )
    yield _said(rng, names, "loan_principal_cny", number=base * 0.1)
    yield _said(rng, names, "loan_days", number=rng.integers(0, 361, len(names)).astype(float))
    titles = rng.choice(["high_tech", "specialised_sme", "little_giant"], len(names))
    yield _said(rng, names, "titles", text=titles, day=date(2023, 6, 1), share=0.3)
    yield _said(rng, names, "town", text=rng.choice(["330113100", "330113001", "330113002"], len(names)), share=1.0)


def _said(
    rng: np.random.Generator,
    names: pl.Series,
    name: str,
    *,
    number: np.ndarray | None = None,
    text: np.ndarray | None = None,
    day: date | None = None,
    share: float = _KNOWN,
) -> pl.DataFrame:
    columns = {"enterprise": names, "input": name, "date": day, "until": None, "number": number, "text": text}
    kept = pl.Series(rng.random(len(names)) < share)
    typed = pl.DataFrame({"enterprise": names}).with_columns(
        pl.lit(value).cast(FACTS[key]).alias(key)
        if value is None or isinstance(value, str | date)
        else pl.Series(key, value)
        for key, value in columns.items()
    )
    return typed.select(pl.col(key).cast(dtype) for key, dtype in FACTS.items()).filter(kept)


def main() -> None:
    """Print CPU seconds by part and size."""
    words, before = vocabulary(), policies()
    draft = build_policy(with_numbers(before[0], {"parameters.rd_percent": 20.0}, LAW), "draft")
    after = (draft, *before[1:])
    for size in (1_000, 10_000, 100_000):
        said, clock = facts(size), [time.process_time()]
        panel = build_panel(said, words, TODAY)
        found = simulate(before, after, panel, LAW)
        found.moves()
        clock.append(time.process_time())
        list(islice(drawn_costs(found, said, [draft.key]), DRAWS))
        clock.append(time.process_time())
        for edge in edges_of(after, LAW):
            near_edge(after, found.after.panel, edge)
        clock.append(time.process_time())
        parts = [after_ - before_ for before_, after_ in pairwise(clock)]
        told = ", ".join(f"{name} {part:.2f} s" for name, part in zip(("moves", "draws", "edges"), parts, strict=True))
        print(
            f"policy simulation, {size:,} enterprises, {len(said):,} facts: {told}; {sum(parts):.1f} s CPU", flush=True
        )
