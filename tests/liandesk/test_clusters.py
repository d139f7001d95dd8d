from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandesk.know.registry.clusters import FIELDS, cluster, organisations

NOBODY = pl.DataFrame(schema={"record": pl.String, "organisation": pl.String})
CODES = ("91330100799655058B", "914403001922038216")


def _records(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"record": pl.String, "name": pl.String, "uscc": pl.String}, orient="row")


def _groups(members: pl.DataFrame) -> set[frozenset[str]]:
    return set(map(frozenset, members.group_by("organisation").agg("record")["record"].to_list()))


def test_records_with_one_code_or_one_normalised_name_are_one_organisation() -> None:
    records = _records(
        ("w:o:1", "杭州甲生物科技有限公司", CODES[0]),
        ("w:o:2", "杭州甲生物", CODES[0]),
        ("w:o:3", "杭州甲生物科技有限公司", None),
        ("u:o:4", "ACS Dobfar SpA", None),
        ("u:o:5", "ACS DOBFAR S.P.A.", None),
    )
    assert _groups(cluster(records, NOBODY)) == {
        frozenset({"w:o:1", "w:o:2", "w:o:3"}),
        frozenset({"u:o:4", "u:o:5"}),
    }


def test_a_name_shared_by_two_codes_binds_nobody_without_a_code() -> None:
    records = _records(("1", "同名公司", CODES[0]), ("2", "同名公司", CODES[1]), ("3", "同名公司", None))
    assert _groups(cluster(records, NOBODY)) == {frozenset({"1"}), frozenset({"2"}), frozenset({"3"})}


def test_an_organisation_keeps_its_id_when_a_record_joins_it() -> None:
    first = cluster(_records(("m", "甲公司", None)), NOBODY)
    both = cluster(_records(("a", "甲公司", None), ("m", "甲公司", None)), first)
    assert set(both["organisation"]) == set(first["organisation"])


def test_when_records_part_one_cluster_keeps_the_id_and_the_other_gets_a_new_one() -> None:
    known = pl.DataFrame({"record": ["a", "b"], "organisation": ["O1", "O1"]})
    members = cluster(_records(("a", "甲公司", None), ("b", "乙公司", None)), known)
    assert members.filter(record="a")["organisation"].item() == "O1"
    assert members["organisation"].n_unique() == 2


def test_a_field_comes_from_the_most_trusted_source_that_says_it() -> None:
    rows = {"record": ["workbook:o:1", "synthetic:o:1"], "name": [None, "合成名"], "town": ["330113001", "330113002"]}
    records = pl.DataFrame(rows).with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in FIELDS if n not in rows)
    members = pl.DataFrame({"record": rows["record"], "organisation": ["O1", "O1"]})
    found = organisations(records, members, ("workbook", "synthetic")).row(0, named=True)
    assert (found["name"], found["town"], found["is_synthetic"]) == ("合成名", "330113001", False)


ROWS = st.lists(st.tuples(st.sampled_from(["甲", "乙", "丙"]), st.sampled_from([None, *CODES])), min_size=1, max_size=8)


@given(ROWS, st.randoms())
def test_clusters_do_not_depend_on_the_order_of_records_and_running_again_changes_nothing(rows, random) -> None:
    records = _records(*((f"r{place}", name, code) for place, (name, code) in enumerate(rows)))
    once = cluster(records, NOBODY)
    order = list(range(len(rows)))
    random.shuffle(order)
    assert cluster(records[order], NOBODY).equals(once)
    assert cluster(records, once).equals(once)
    assert once.height == len(rows)


@pytest.mark.parametrize("code", CODES)
def test_two_records_with_one_code_are_never_apart(code: str) -> None:
    members = cluster(_records(("1", "甲", code), ("2", "乙", code), ("3", "乙", None)), NOBODY)
    assert members["organisation"].n_unique() == 1
