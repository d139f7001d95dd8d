from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandesk.base.facts.schema import KNOWN_SCHEMA as FACTS
from liandesk.know.registry.clusters import JUDGED_SCHEMA, KNOWN_SCHEMA, PAIR_SCHEMA, Clusters, cluster
from liandesk.know.registry.profiles import organisations, places
from liandesk.know.registry.projection import remembered

CODES = ("91330100799655058B", "914403001922038216")
Row = tuple[str, str, str | None]


def _records(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"record": pl.String, "name": pl.String, "uscc": pl.String}, orient="row")


def _pairs(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    whole = [(left, right, score, decision, "test", "[]") for left, right, score, decision in rows]
    return pl.DataFrame(whole, schema=PAIR_SCHEMA, orient="row")


def _judged(*lines: tuple[str, str, str]) -> pl.DataFrame:
    rows = [(left, right, kind, order) for order, (left, right, kind) in enumerate(lines)]
    return pl.DataFrame(rows, schema=JUDGED_SCHEMA, orient="row")


NOBODY = pl.DataFrame(schema=KNOWN_SCHEMA)
NO_PAIRS, NO_WORD = _pairs(), _judged()


def _cluster(
    records: pl.DataFrame,
    known: pl.DataFrame = NOBODY,
    pairs: pl.DataFrame = NO_PAIRS,
    judged: pl.DataFrame = NO_WORD,
) -> Clusters:
    return cluster(records, known, pairs, judged)


def _groups(found: Clusters) -> set[frozenset[str]]:
    return set(map(frozenset, found.members.group_by("organisation").agg("record")["record"].to_list()))


def _apart(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}


def _after(found: Clusters, known: pl.DataFrame = NOBODY) -> pl.DataFrame:
    """What is known once the clusters are published: every record remembers each id it had."""
    past = {record: list(held) for record, _, held in known.iter_rows()}
    homes = {record: [home] for record, home in found.homes.iter_rows()}
    rows = {record: (record, organisation, held) for record, organisation, held in known.iter_rows()}
    for record, organisation in found.members.iter_rows():
        held = past.get(record, homes.get(record, []))
        rows[record] = (record, organisation, remembered(held, organisation))
    return pl.DataFrame(list(rows.values()), schema=KNOWN_SCHEMA, orient="row")


def _ids(found: Clusters) -> dict[str, str]:
    return dict(found.members.iter_rows())


THREE = _records(("a", "金公司", None), ("b", "木公司", None), ("c", "水公司", None))


def test_records_with_one_code_or_one_normalised_name_are_one_organisation() -> None:
    records = _records(
        ("w:o:1", "杭州甲生物科技有限公司", CODES[0]),
        ("w:o:2", "杭州甲生物", CODES[0]),
        ("w:o:3", "杭州甲生物科技有限公司", None),
        ("u:o:4", "ACS Dobfar SpA", None),
        ("u:o:5", "ACS DOBFAR S.P.A.", None),
    )
    found = _cluster(records)
    assert _groups(found) == {frozenset({"w:o:1", "w:o:2", "w:o:3"}), frozenset({"u:o:4", "u:o:5"})}
    assert found.joins.rows() == [
        ("u:o:4", "u:o:5", "name"),
        ("w:o:1", "w:o:2", "code"),
        ("w:o:1", "w:o:3", "name"),
    ]


def test_records_with_one_lei_or_stock_code_are_one_unless_their_credit_codes_differ() -> None:
    rows = [("1", "金一", None, "600000"), ("2", "木二", None, "600000"), ("3", "水三", CODES[0], None)]
    rows += [("4", "火四", CODES[0], "600001"), ("5", "土五", CODES[1], "600001")]
    schema = {"record": pl.String, "name": pl.String, "uscc": pl.String, "stock_code": pl.String}
    found = _cluster(pl.DataFrame(rows, schema=schema, orient="row"))
    assert _groups(found) == {frozenset("12"), frozenset("34"), frozenset("5")}


def test_a_name_that_names_nobody_binds_nobody() -> None:
    records = _records(("1", "Research Site 324", None), ("2", "research site 324", None), ("3", "研究中心012", None))
    assert _groups(_cluster(records)) == _apart("1", "2", "3")


def test_a_name_shared_by_two_codes_binds_nobody_without_a_code() -> None:
    records = _records(("1", "同名公司", CODES[0]), ("2", "同名公司", CODES[1]), ("3", "同名公司", None))
    assert _groups(_cluster(records)) == _apart("1", "2", "3")


def test_a_name_shared_by_two_codes_that_were_judged_one_binds_whoever_has_no_code() -> None:
    records = _records(("1", "同名公司", CODES[0]), ("2", "同名公司", CODES[1]), ("3", "同名公司", None))
    assert _groups(_cluster(records, judged=_judged(("1", "2", "same")))) == _apart("123")


def test_a_sure_pair_joins_and_a_pair_for_review_does_not() -> None:
    pairs = _pairs(("a", "b", 0.999, "same"), ("b", "c", 0.8, "review"))
    assert _groups(_cluster(THREE, pairs=pairs)) == _apart("ab", "c")


def test_a_sure_pair_of_two_codes_does_not_join() -> None:
    records = _records(("a", "金公司", CODES[0]), ("b", "甲公司股份", CODES[1]))
    assert _groups(_cluster(records, pairs=_pairs(("a", "b", 0.999, "same")))) == _apart("a", "b")


def test_of_two_sure_pairs_that_cannot_both_hold_the_surer_one_joins() -> None:
    records = _records(("a", "金", CODES[0]), ("b", "甲股份", None), ("c", "甲集团", CODES[1]))
    pairs = _pairs(("a", "b", 0.991, "same"), ("b", "c", 0.999, "same"))
    assert _groups(_cluster(records, pairs=pairs)) == _apart("a", "bc")


@pytest.mark.parametrize("pairs", [NO_PAIRS, _pairs(("1", "3", 0.999, "same"), ("2", "3", 0.999, "same"))])
def test_records_judged_different_are_apart_whatever_speaks_for_them(pairs: pl.DataFrame) -> None:
    records = _records(("1", "金", CODES[0]), ("2", "金", CODES[0]), ("3", "水", None))
    groups = _groups(_cluster(records, pairs=pairs, judged=_judged(("1", "2", "different"))))
    assert not any({"1", "2"} <= group for group in groups)


def test_a_record_that_may_join_either_of_two_judged_different_joins_the_first() -> None:
    records = _records(("1", "金", CODES[0]), ("2", "金", CODES[0]), ("3", "金", CODES[0]))
    assert _groups(_cluster(records, judged=_judged(("1", "2", "different")))) == _apart("13", "2")


def test_the_later_word_on_a_pair_counts() -> None:
    yes, no = ("a", "b", "same"), ("a", "b", "different")
    assert _groups(_cluster(THREE, judged=_judged(yes, no))) == _apart("a", "b", "c")
    assert _groups(_cluster(THREE, judged=_judged(no, yes))) == _apart("ab", "c")


def test_an_organisation_keeps_its_id_when_a_record_joins_it() -> None:
    first = _cluster(_records(("m", "金公司", None)))
    both = _cluster(_records(("a", "金公司", None), ("m", "金公司", None)), _after(first))
    assert set(both.members["organisation"]) == set(first.members["organisation"])


def test_after_a_merge_the_losing_id_is_an_alias_and_after_the_split_each_side_has_its_own_again() -> None:
    before = _cluster(THREE)
    known = _after(before)
    merged = _cluster(THREE, known, judged=_judged(("a", "b", "same")))
    kept, lost = _ids(merged)["a"], ({_ids(before)["a"], _ids(before)["b"]} - {_ids(merged)["a"]}).pop()
    assert kept in set(_ids(before).values())
    assert merged.aliases.rows() == [(lost, kept)]
    again = _cluster(THREE, _after(merged, known))
    assert _ids(again) == _ids(before) and again.aliases.is_empty()


def test_a_record_that_came_while_two_were_merged_stays_with_the_id_it_came_under() -> None:
    known = _after(_cluster(THREE))
    same = _judged(("a", "b", "same"))
    merged = _cluster(THREE, known, judged=same)
    known = _after(merged, known)
    four = pl.concat([THREE, _records(("d", "金公司", None))])
    joined = _cluster(four, known, judged=same)
    parted = _cluster(four, _after(joined, known))
    assert _ids(parted)["a"] == _ids(parted)["d"] == _ids(_cluster(THREE))["a"]
    assert _ids(parted)["b"] == _ids(_cluster(THREE))["b"]


def test_the_side_that_leaves_a_grown_organisation_gets_a_new_id_and_the_same_one_when_it_leaves_again() -> None:
    records = _records(("a", "金", None), ("b", "金", None))
    known = _after(_cluster(records))
    apart = _judged(("a", "b", "different"))
    first = _cluster(records, known, judged=apart)
    known = _after(first, known)
    together = _cluster(records, known)
    assert together.aliases.rows() == [(_ids(first)["b"], _ids(first)["a"])]
    assert _ids(_cluster(records, _after(together, known), judged=apart)) == _ids(first)


def test_an_id_does_not_move_when_some_of_its_records_are_withdrawn() -> None:
    records = _records(("a", "金", None), ("b", "金", None), ("c", "金", None))
    known = _after(_cluster(records))
    apart = _judged(("a", "b", "different"), ("a", "c", "different"), ("b", "c", "same"))
    parted = _cluster(records, known, judged=apart)
    fewer = _cluster(records.filter(pl.col("record") != "c"), _after(parted, known), judged=apart)
    assert _ids(fewer) == {record: _ids(parted)[record] for record in "ab"}


def _facts(*lines: tuple[str, str, str, date | None]) -> pl.DataFrame:
    rows = [
        {"record": record, "kind": "organisation", "attribute": attribute, "text": text, "valid_from": day}
        | {"source": record.split(":")[0], "recorded_at": datetime(2024, 9, 1)}
        for record, attribute, text, day in lines
    ]
    schema = FACTS | {"recorded_at": pl.Datetime("us")}
    return pl.DataFrame(rows, schema=schema)


MEMBERS = pl.DataFrame({"record": ["workbook:o:1", "synthetic:o:1"], "organisation": ["O1", "O1"]})


def test_a_field_comes_from_the_most_trusted_source_that_says_it_and_a_statement_is_trusted_most() -> None:
    facts = _facts(
        ("synthetic:o:1", "name", "合成名", None),
        ("synthetic:o:1", "town", "330113002", date(2024, 1, 1)),
        ("workbook:o:1", "town", "330113001", None),
        ("workbook:o:1", "segment", "制剂", None),
    )
    stated = _facts(("synthetic:o:1", "segment", "细胞", date(2020, 1, 1))).with_columns(source=pl.lit("statement"))
    found = organisations(pl.concat([facts, stated]), MEMBERS, ("statement", "workbook", "synthetic"))
    row = found.row(0, named=True)
    assert (row["name"], row["town"], row["segment"], row["is_synthetic"]) == ("合成名", "330113001", "细胞", False)


def test_an_organisation_is_in_several_places_and_leaves_one_when_its_record_says_so() -> None:
    facts = _facts(
        ("workbook:o:1", "zone", "new_town", date(2022, 1, 1)),
        ("workbook:o:1", "zone", "canal_city", date(2024, 1, 1)),
        ("synthetic:o:1", "zone", "development_zone", None),
        ("synthetic:o:1", "town", "330113001", None),
    )
    found = places(facts, MEMBERS).select("kind", "code", "since", "until").rows()
    assert found == [
        ("town", "330113001", None, None),
        ("zone", "canal_city", date(2024, 1, 1), None),
        ("zone", "development_zone", None, None),
        ("zone", "new_town", date(2022, 1, 1), date(2023, 12, 31)),
    ]


NAMES = {str(place): "甲乙丙"[place % 3] for place in range(7)}
row = st.tuples(st.sampled_from(["金", "木", "水"]), st.sampled_from([None, None, *CODES]))
two = st.lists(st.sampled_from(sorted(NAMES)), min_size=2, max_size=2, unique=True).map(sorted)
pair = st.tuples(two, st.sampled_from([0.99, 0.995]), st.sampled_from(["same", "review"]))
line = st.tuples(two, st.sampled_from(["same", "different"]))


def _world(rows: Sequence[tuple[str, str | None]]) -> pl.DataFrame:
    return _records(*((str(place), name, code) for place, (name, code) in enumerate(rows)))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(row, min_size=1, max_size=7),
    pairs=st.lists(pair, max_size=4),
    lines=st.lists(line, max_size=5),
    random=st.randoms(),
)
def test_clusters_do_not_depend_on_the_order_of_records_and_running_again_changes_nothing(
    rows, pairs, lines, random
) -> None:
    records = _world(rows)
    likely = _pairs(*((*ends, score, decision) for ends, score, decision in pairs))
    judged = _judged(*((*ends, kind) for ends, kind in lines))
    once = _cluster(records, NOBODY, likely, judged)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = _cluster(records[order], NOBODY, likely, judged)
    again = _cluster(records, _after(once), likely, judged)
    assert shuffled.members.equals(once.members) and again.members.equals(once.members)
    assert once.members.height == len(rows)
    assert once.joins.height == len(rows) - once.members["organisation"].n_unique()


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row, min_size=2, max_size=7), steps=st.lists(st.lists(line, max_size=4), min_size=1, max_size=5))
def test_after_any_judgements_the_groups_are_those_of_a_first_run_and_undoing_all_gives_the_ids_back(
    rows, steps
) -> None:
    records = _world(rows)
    first = _cluster(records)
    known = _after(first)
    for lines in steps:
        judged = _judged(*((*ends, kind) for ends, kind in lines))
        found = _cluster(records, known, judged=judged)
        assert _groups(found) == _groups(_cluster(records, judged=judged))
        held = set(known["organisation"]) | set(known["held"].explode())
        meant = set(found.members["organisation"]) | set(found.aliases["alias"])
        assert held <= meant, "an id that was ever given always means an organisation that is there"
        assert not set(found.members["organisation"]) & set(found.aliases["alias"])
        known = _after(found, known)
    back = _cluster(records, known)
    assert _ids(back) == _ids(first)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row, min_size=2, max_size=7), pairs=st.lists(pair, max_size=4), lines=st.lists(line, max_size=6))
def test_no_organisation_holds_two_records_whose_last_word_is_that_they_are_different(rows, pairs, lines) -> None:
    likely = _pairs(*((*ends, score, decision) for ends, score, decision in pairs))
    found = _ids(_cluster(_world(rows), NOBODY, likely, _judged(*((*ends, kind) for ends, kind in lines))))
    for (left, right), kind in {tuple(ends): kind for ends, kind in lines}.items():
        if kind == "different" and left in found and right in found:
            assert found[left] != found[right]


@pytest.mark.parametrize("code", CODES)
def test_two_records_with_one_code_are_never_apart(code: str) -> None:
    found = _cluster(_records(("1", "金", code), ("2", "木", code), ("3", "木", None)))
    assert found.members["organisation"].n_unique() == 1
