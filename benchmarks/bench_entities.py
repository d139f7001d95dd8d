"""How well and how fast names are resolved, on real names that ``LIANDESK_REAL_DATA`` holds and on made ones.

Chinese: the short names of listed companies among all full names; a hit has the stock code of the short name. Weights
were fitted on the codes whose hash is even (``fitted``); the others (``held back``) and the codes that
entity_resolution does not hold (``never seen``) were only measured. ``absent``: half of the full names is taken away
and the short names of that half are asked for; whatever is then accepted is wrong.

English: the pairs of names inside a labeler code. Rule: both names, parsed, have a distinctive word in common (not a
legal form, a trade, a place or a word of a clause such as "a … company"); the three rows of shifted columns have none.
Precision is that of the accepted pairs of unlike keys looked at by hand, judged as legal persons but believing the
labeler codes; ``entities_checked.txt`` holds a digest and a verdict for each.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from liankit.entities import NameIndex, Settings, candidates, name_key, parse_name

MANY = 200_000
US_REGISTER = Settings.for_many(home="us")
CHECKED = Path(__file__).with_name("entities_checked.txt")


def wilson(right: int, of: int) -> str:
    """Return a part with its 95 % interval after Wilson (1927)."""
    if not of:
        return "none"
    z, part = 1.96, right / of
    middle, spread = part + z * z / (2 * of), z * (part * (1 - part) / of + z * z / (4 * of * of)) ** 0.5
    low, high = ((middle + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return f"{part:.4f} [{low:.4f}, {high:.4f}] of {of:,}"


def half_of(code: str) -> int:
    return int(hashlib.sha256(code.encode()).hexdigest(), 16) % 2


def chinese(folder: Path) -> None:
    """Print rank, coverage, precision and the wrong merges of short names of each part of the codes."""
    known = pl.read_csv(folder / "entity_resolution/zh_listed_short_full_names.csv", infer_schema=False)
    others = pl.read_csv(folder / "chain_kg_zh/companies.csv", infer_schema=False)
    others = others.with_columns(stock_code=pl.col("code").str.slice(0, 6))
    full = pl.concat([known.select("stock_code", "full_name"), others.select("stock_code", "full_name")]).unique()
    index = NameIndex(
        full.select(record=pl.format("{}:{}", "stock_code", "full_name"), name="full_name").sort("record")
    )
    unseen = others.join(known, on="stock_code", how="anti")
    parts = {
        "fitted": _asked(known, 0),
        "held back": _asked(known, 1),
        "never seen": sorted(unseen.select("short_name", "stock_code").unique().rows()),
    }
    for part, asked in parts.items():
        _print_ranks(part, index, asked)
    _print_absent(full, parts["held back"])


def _asked(known: pl.DataFrame, half: int) -> list[tuple[str, str]]:
    return sorted({row for row in known.select("short_name", "stock_code").iter_rows() if half_of(row[1]) == half})


def _print_ranks(part: str, index: NameIndex, asked: list[tuple[str, str]]) -> None:
    first = among = accepted = 0
    wrong = []
    for short, code in asked:
        hits = index.search(short)
        right = [hit.record.split(":")[0] == code for hit in hits]
        first, among = first + (right[:1] == [True]), among + any(right)
        if hits and hits[0].decision == "same":
            accepted += 1
            wrong += [] if right[0] else [f"{short} ({code}) is not {hits[0].name}"]
    print(f"zh {part}: first {wilson(first, len(asked))}; among five {wilson(among, len(asked))}")
    print(
        f"   accepted {wilson(accepted, len(asked))}, right {wilson(accepted - len(wrong), accepted)}; wrong: {wrong}"
    )


def _print_absent(full: pl.DataFrame, asked: list[tuple[str, str]]) -> None:
    left = full.filter(pl.col("stock_code").map_elements(half_of, return_dtype=pl.Int64) == 0)
    index = NameIndex(left.select(record="stock_code", name="full_name").sort("record", "name"))
    accepted = sum(any(hit.decision == "same" for hit in index.search(short, limit=1)) for short, _ in asked)
    print(f"zh absent: accepted though not there {wilson(accepted, len(asked))}")


def english(folder: Path) -> None:
    """Print recall inside the labeler codes, and the precision of what was checked by hand, here and more widely."""
    rows = pl.read_csv(folder / "entity_resolution/en_pharma_labeler_name_variants.csv", infer_schema=False)
    names = sorted(set(rows["name"]))
    same, reviewed = _resolved(names)
    for half, part in enumerate(("set on", "held back")):
        pairs = [pair for pair in _pairs_of_codes(rows, half) if _share_a_word(*pair)]
        print(f"en {part}: recall {wilson(sum(_keys(pair) in same for pair in pairs), len(pairs))}")
        print(f"   and in review {sum(_keys(pair) in reviewed for pair in pairs):,}")
    _print_checked("en labelers", _accepted(names, same))
    wider = sorted(set(pl.read_csv(folder / "us_pharma_chain_2023/enterprises.csv", infer_schema=False)["name"]))
    _print_checked("en applicants too", _accepted(wider, _resolved(wider)[0]))


def _pairs_of_codes(rows: pl.DataFrame, half: int) -> Iterator[tuple[str, str]]:
    for (code,), group in rows.group_by("labeler_code", maintain_order=True):
        if half_of(str(code)) == half:
            yield from itertools.combinations(sorted(set(group["name"])), 2)


def _share_a_word(one: str, other: str) -> bool:
    return bool(set(parse_name(one).words) & set(parse_name(other).words))


def _keys(pair: tuple[str, str]) -> tuple[str, str]:
    one, other = sorted(map(name_key, pair))
    return one, other


def _resolved(names: list[str]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the pairs of keys taken for one (equal keys among them), and those in review."""
    found = candidates(pl.DataFrame({"record": names, "name": names}), settings=US_REGISTER)
    by_decision: dict[str, set[tuple[str, str]]] = {"same": {(name_key(name),) * 2 for name in names}, "review": set()}
    for left, right, decision in found.select("left", "right", "decision").iter_rows():
        by_decision[decision].add(_keys((left, right)))
    return by_decision["same"], by_decision["review"]


def _accepted(names: Iterable[str], same: set[tuple[str, str]]) -> list[str]:
    """Return the digests of the accepted pairs of keys, equal ones left out: those are spellings of one name."""
    return sorted(digest(*pair) for pair in same if pair[0] != pair[1])


def digest(one: str, other: str) -> str:
    """Return what stands for a pair of keys in ``entities_checked.txt``; real names stay where they are."""
    return hashlib.sha256(f"{one}|{other}".encode()).hexdigest()[:10]


def _print_checked(what: str, accepted: list[str]) -> None:
    verdicts = dict(line.split() for line in CHECKED.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    counts = Counter(verdicts.get(pair, "unchecked") for pair in accepted)
    checked = counts["right"] + counts["wrong"]
    print(
        f"{what}: accepted pairs of unlike keys {len(accepted):,}; right {wilson(counts['right'], checked)} looked at"
    )


def made_names(count: int, seed: int = 7) -> list[str]:
    """Return made names, two thirds Chinese, with shortened, respelled and renamed ones among them."""
    random = np.random.default_rng(seed)
    signs = "澄禾溪云岫泽清安瑞恒达华鑫盛博远思睿康健诚信德明宏志天地江山林森木金银铜铁石玉珠宝龙凤飞翔鸿雁春夏秋冬"
    places = (
        "杭州",
        "宁波",
        "温州",
        "嘉兴",
        "绍兴",
        "苏州",
        "无锡",
        "上海",
        "广州",
        "深圳",
        "武汉",
        "成都",
        "西安",
        "济南",
    )
    trades = (
        "生物科技",
        "医药",
        "新材料",
        "机械",
        "电子科技",
        "信息技术",
        "贸易",
        "化工",
        "包装材料",
        "建筑工程",
        "食品",
        "物流",
    )
    syllables = (
        "acro",
        "bel",
        "cor",
        "dex",
        "eni",
        "fal",
        "gen",
        "hex",
        "ino",
        "jul",
        "kor",
        "lum",
        "mer",
        "nov",
        "oxi",
    )
    arts = ("Pharma", "Chemicals", "Laboratories", "Biotech", "Medical", "Industries")
    names: dict[str, None] = {}
    while len(names) < count:
        stem, place = "".join(random.choice(list(signs), 3)), random.choice(places)
        trade, art = random.choice(trades), random.choice(arts)
        word = "".join(random.choice(syllables, 4)).capitalize()
        forms = [f"{place}{stem}{trade}有限公司", f"{stem}{trade[:2]}", f"{place}市{stem}{trade}股份有限公司"]
        names |= dict.fromkeys([*forms[: random.integers(1, 4)], f"{word} {art} Inc.", f"{word} {art}, LLC"][:4])
    return list(names)[:count]


def speed() -> None:
    """Print seconds and memory for many names at once, and milliseconds for one name more."""
    names = made_names(MANY)
    table = pl.DataFrame({"record": [f"r{at:06d}" for at in range(len(names))], "name": names})
    start, cpu = time.perf_counter(), time.process_time()
    found = candidates(table)
    spent, used = time.perf_counter() - start, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(names):,} names: {found.height:,} pairs in {spent:.0f} s ({used:.0f} s of processor), {memory:,} MB")
    _print_one_more(table)


def _print_one_more(table: pl.DataFrame) -> None:
    index = NameIndex(table)
    times = []
    for at, name in enumerate(made_names(200, seed=8)):
        start = time.perf_counter()
        index.search(name)
        index.add(pl.DataFrame({"record": [f"new{at}"], "name": [name]}))
        times.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.quantile(times, [0.5, 0.95])
    print(
        f"one name more, searched and added: median {p50:.0f} ms, 95 % within {p95:.0f} ms, longest {max(times):.0f} ms"
    )


def main() -> None:
    """Print quality where the real names are present, and speed."""
    folder = os.environ.get("LIANDESK_REAL_DATA", "")
    if folder and Path(folder).is_dir():
        chinese(Path(folder))
        english(Path(folder))
    else:
        print("quality is not measured: set LIANDESK_REAL_DATA to the folder of the data sets")
    speed()


if __name__ == "__main__":
    main()
