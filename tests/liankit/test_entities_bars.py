"""Who is who holds its bars on real names (benchmarks/bench_entities.py measures the whole of them)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from liankit.entities import NameIndex, Settings, candidates, parse_name

ASKED = 400


@pytest.fixture
def listed(real_data: Path) -> pl.DataFrame:
    companies = pl.read_csv(real_data / "chain_kg_zh" / "companies.csv", infer_schema=False)
    return companies.unique("full_name", keep="first", maintain_order=True)


def test_short_names_find_their_full_names_among_all_and_what_is_accepted_is_right(listed: pl.DataFrame) -> None:
    index = NameIndex(listed.select(record="code", name="full_name"))
    asked = listed.sample(ASKED, seed=7).select("short_name", "code").rows()
    found = [(code, index.search(short)) for short, code in asked]
    first = sum(bool(hits) and hits[0].record == code for code, hits in found)
    among = sum(code in [hit.record for hit in hits] for code, hits in found)
    accepted = [(code, hits[0].record) for code, hits in found if hits and hits[0].decision == "same"]
    assert first >= 0.95 * ASKED
    assert among >= 0.98 * ASKED
    assert len(accepted) >= 0.85 * ASKED
    assert sum(code == record for code, record in accepted) >= 0.99 * len(accepted)


def test_blind_codes_of_trial_sites_are_in_no_pair(real_data: Path) -> None:
    rows = pl.read_csv(real_data / "entity_resolution" / "cn_hospital_facility_strings_ctgov.csv", infer_schema=False)
    names = rows.select(record="facility", name="facility").unique()
    paired = candidates(names, settings=Settings.for_many())
    in_pairs = set(paired["left"]) | set(paired["right"])
    assert not {name for name in in_pairs if "Research Site" in name or "Investigat" in name}
    assert parse_name("Research Site 324").is_blind
