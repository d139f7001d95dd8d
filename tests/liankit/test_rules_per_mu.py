"""Judging land by its yield: exact scores, intervals of what is not known, classes by share, moves and edges."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.process.check import DefinitionError
from liankit.rules.check import build_vocabulary
from liankit.rules.per_mu import assess, prepare
from liankit.rules.per_mu_method import Method, build_method
from liankit.rules.per_mu_moves import cliffs, moves
from liankit.rules.per_mu_stability import stability
from liankit.rules.per_mu_table import run_examples, unknown_quantities, worked
from liankit.yaml_text import read_yaml

PACKS = files("liandesk.packs")
SHIPPED = [
    ("zhejiang", "huangyan"),
    ("zhejiang", "zhejiang_usual"),
    ("linping_biomed", "linping"),
    ("linping_biomed", "linping_range"),
]


def shipped(pack: str, key: str) -> dict[str, Any]:
    body: dict[str, Any] = read_yaml(PACKS.joinpath(pack, "per_mu", f"{key}.yaml").read_text(encoding="utf-8"))
    return body


def text(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def method(*, indicators: tuple[str, ...] = ("x",), group: dict[str, Any] | None = None, **more: Any) -> Method:
    """One group of everybody with base 1 for each indicator and weight 10; classes a (20 %), b (80 %), c."""
    one = {"key": "all", "title": text("all"), "when": [], "weights": dict.fromkeys(indicators, 10)}
    one |= {"bases": {name: {2023: 1.0} for name in indicators}, "until": {"a": 20, "b": 80}} | (group or {})
    asked = [{"key": name, "title": text(name), "quantity": name, "weighted_by": "land"} for name in indicators]
    for body in asked:
        body |= more.pop(str(body["key"]), {})
    source = {"title": text("test"), "confidence": "synthetic"}
    whole = {"key": "m", "title": text("m"), "about": text("m"), "source": source, "status": "model"}
    classes = [{"key": name, "title": text(name)} for name in "abc"]
    return build_method(whole | {"indicators": asked, "groups": [one], "classes": classes} | more, "test")


def table(**columns: Any) -> pl.DataFrame:
    size = len(next(iter(columns.values())))
    return pl.DataFrame({"enterprise": [str(at) for at in range(size)], "land": [1.0] * size} | columns)


@pytest.mark.parametrize(("pack", "key"), SHIPPED)
def test_every_shipped_method_is_whole_and_its_examples_come_out(pack: str, key: str) -> None:
    found = build_method(shipped(pack, key), key)
    words = (PACKS.joinpath("cn", "quantities", f"{name}.yaml") for name in ("enterprise", "per_mu"))
    vocabulary = build_vocabulary(*(read_yaml(file.read_text(encoding="utf-8")) for file in words))
    assert not list(unknown_quantities(found, vocabulary))
    assert [ran.example.name for ran in run_examples(found) if not ran.holds] == []


def test_the_worked_example_is_exact_capped_and_uncapped() -> None:
    got = [run_examples(build_method(shipped("zhejiang", key), key))[0].low for key in ("zhejiang_usual", "huangyan")]
    assert [round(score, 4) for score in got] == [109.0516, 113.7528]


def test_a_missing_value_is_an_interval_and_never_zero() -> None:
    found = assess(method(group={"cap": 1.5}), table(x=[1.0] * 4 + [None]), 2023)
    assert found.table.row(4, named=True)["low"] == 0.0
    assert found.table.row(4, named=True)["high"] == 15.0
    assert (found.table["best"][4], found.table["worst"][4]) == ("a", "c")


def test_missing_emissions_are_worth_the_mean_of_the_group() -> None:
    found = assess(method(x={"missing": "group_mean"}), table(x=[1.0, 3.0, None]), 2023)
    assert found.table["low"].to_list() == found.table["high"].to_list() == [10.0, 30.0, 20.0]


def test_negatives_earn_nothing_or_count_as_the_method_says() -> None:
    assert assess(method(), table(x=[-2.0]), 2023).low.tolist() == [0.0]
    assert assess(method(x={"negative": "as_is"}), table(x=[-2.0]), 2023).low.tolist() == [-20.0]


def test_a_base_value_that_was_not_published_is_the_average_weighted_by_land() -> None:
    found = assess(method(group={"bases": {}}), table(x=[1.0, 4.0], land=[3.0, 1.0]), 2023)
    assert found.points["base"].to_list() == [1.75, 1.75]
    assert found.low == pytest.approx([10 / 1.75, 40 / 1.75])


def test_between_least_and_most_the_least_earns_a_fifth() -> None:
    found = assess(method(form="min_max"), table(x=[2.0, 4.0, 6.0, None]), 2023)
    assert found.low == pytest.approx([2.0, 6.0, 10.0, 2.0])
    assert found.high[3] == 10.0


@pytest.mark.parametrize(("ties", "classes"), [("better", "aabbc"), ("worse", "bbbbc")])
def test_those_who_tie_across_a_line_share_a_class(ties: str, classes: str) -> None:
    found = assess(method(ties=ties), table(x=[5.0, 5.0, 3.0, 2.0, 1.0]), 2023)
    assert "".join(found.table["best"]) == "".join(found.table["worst"]) == classes


@pytest.mark.parametrize(("rounding", "firsts"), [("down", 1), ("half_up", 1), ("up", 2)])
def test_a_share_that_is_no_whole_number_of_places_is_rounded_as_stated(rounding: str, firsts: int) -> None:
    found = assess(method(rounding=rounding), table(x=[float(at) for at in range(7)]), 2023)
    assert found.table["best"].to_list().count("a") == firsts


def test_steps_raise_then_limit_then_veto_and_nobody_moves_up_for_a_veto() -> None:
    def step(key: str, **way: Any) -> dict[str, Any]:
        when = {"key": key, "quantity": key, "is": True, "title": text(key)}
        return {"key": key, "title": text(key), "when": when, **way}

    steps = [step("accident", to="c"), step("dishonest", at_best="b"), step("champion", up=1)]
    flags = {"accident": [1.0, 0, 0, 0, None], "dishonest": [0.0] * 5, "champion": [0.0, 0, 0, 0, 1]}
    found = assess(method(steps=steps), table(x=[5.0, 4, 3, 2, 1], **flags), 2023).table
    assert found["best"].to_list() == ["c", "b", "b", "b", "b"]
    assert found["worst"].to_list() == ["c", "b", "b", "b", "c"]  # nobody knows whether it had an accident


def test_tenants_are_ranked_apart_or_follow_the_plot() -> None:
    rows = table(x=[5.0, 4, 3, 9, 8], rents=[0.0, 0, 0, 1, 1], owner=["", "", "", "2", "elsewhere"])
    together = {"tenant": "rents", "plot_owner": "owner"}
    apart = assess(method(group={"tenants": "apart"}, **together), rows, 2023).table
    assert apart["is_apart"].to_list() == [False, False, False, True, True]
    assert apart["best"].to_list() == ["a", "b", "c", "b", "b"]
    follows = assess(method(group={"tenants": "follow_plot"}, **together), rows, 2023).table
    assert follows["state"].to_list()[3:] == ["follows_plot"] * 2
    assert follows["best"].to_list() == ["a", "b", "c", "c", None]


def test_who_is_excluded_or_in_no_known_group_is_said_with_the_reason() -> None:
    young = {"key": "young", "title": text("young"), "quantity": "age", "less_than": 2}
    large = {"key": "large", "title": text("large"), "quantity": "revenue", "at_least": 20}
    rows = table(x=[1.0] * 4, age=[1.9, 2.0, None, 9], revenue=[50.0, 20, 19.9, None])
    found = assess(method(group={"when": [large]}, exclusions=[young]), rows, 2023)
    assert found.table["state"].to_list() == ["excluded", "assessed", "no_group", "unknown_group"]
    assert found.table["why"].to_list() == ["young", None, None, None]
    assert [(one.code, one.holds) for one in found.reasons("0")] == [("per_mu.exclusion", True)]


def test_lettings_cost_points_from_the_enterprise_that_the_method_names() -> None:
    lets = {"key": "lets", "title": text("lets"), "quantity": "lets", "from": 2, "first": -5, "each": -5}
    found = assess(method(adjustments=[lets]), table(x=[1.0] * 4, lets=[0.0, 1, 2, 4]), 2023)
    assert found.low.tolist() == [10.0, 10.0, 5.0, -5.0]


def test_the_reasons_of_a_score_add_up_to_it() -> None:
    found = assess(method(indicators=("x", "y"), group={"cap": 1.5}), table(x=[4.0], y=[0.5]), 2023)
    reasons = found.reasons("0")
    assert [(one.value_low, one.threshold, one.params["points_low"]) for one in reasons] == [(4, 1, 15), (0.5, 1, 5)]
    assert sum(float(one.params["points_low"] or 0) for one in reasons) == found.low[0]


def test_other_weights_say_who_moves_and_leave_the_method_as_it_is() -> None:
    rows = table(x=[5.0, 4, 3, 2, 1], y=[1.0, 2, 3, 4, 5])
    before = prepare(method(indicators=("x", "y"), group={"weights": {"x": 10, "y": 0}}), rows, 2023)
    moved = moves(before.scored(), before.scored({"all": {"x": 0, "y": 10}}))
    assert moved.select("enterprise", "before", "after", "step").rows() == [("4", "c", "a", 2), ("0", "a", "c", -2)]
    assert before.scored().table["best"].to_list() == ["a", "b", "b", "b", "c"]
    with pytest.raises(UserError, match="Did you mean 'x'"):
        before.scored({"all": {"xx": 1}})


def test_within_the_ends_of_a_weight_nobody_changes_class_and_beyond_them_the_named_do() -> None:
    rows = table(x=[5.0, 4, 3, 2, 1], y=[1.0, 2, 3, 4, 5])
    ready = prepare(method(indicators=("x", "y")), rows, 2023)
    told = {"all": {"x": 10, "y": 4}}
    of_y = stability(ready, told, bound=50).row(1, named=True)
    assert (of_y["indicator"], of_y["weight"], of_y["least"]) == ("y", 4.0, 0.0)
    assert of_y["most"] == pytest.approx(10, abs=0.01)  # from there y outweighs x: the order turns
    now = ready.scored(told).best.tolist()
    assert ready.scored({"all": {"x": 10, "y": of_y["most"]}}).best.tolist() == now
    beyond = ready.scored({"all": {"x": 10, "y": of_y["most"] + 0.02}}).best.tolist()
    assert of_y["above"] == [str(at) for at in range(5) if beyond[at] != now[at]] == ["0", "4"]


def test_the_steps_of_a_worked_example_are_its_reasons() -> None:
    found = build_method(shipped("zhejiang", "zhejiang_usual"), "zhejiang_usual")
    example = found.examples[0]
    points = [one.params["points_low"] for one in worked(found, example).reasons(example.name)]
    assert points == pytest.approx([45, 22.0329, 14.8478, 12.1709, 0, 15], abs=5e-5)


@pytest.mark.parametrize("form", ["base", "min_max"])
def test_a_change_by_the_amount_of_an_edge_moves_the_class(form: str) -> None:
    rows = table(x=[5.0, 4.0, 3.0, 2.0, 1.0])
    found = method(form=form)
    # not the least of all: between least and most, its own change would shift the scale
    is_asked = (pl.col("points") > 0) & (pl.col("enterprise") != "4")
    near = cliffs(assess(found, rows, 2023), within=100).filter(is_asked)
    assert set(near["enterprise"]) == {"1", "2", "3"}
    for name, amount, following in near.select("enterprise", "amount", "next").iter_rows():
        gain = pl.when(enterprise=name).then(amount).otherwise(0)
        after = assess(found, rows.with_columns(x=pl.col("x") + gain), 2023).table
        assert after["best"][int(name)] == following


def test_an_edge_beyond_the_cap_of_an_indicator_is_out_of_its_reach() -> None:
    rows = table(x=[1.5, 1.0, 1.0, 1.0, 1.0], y=[1.5, 1.0, 0.9, 0.8, 0.7])
    near = cliffs(assess(method(indicators=("x", "y"), group={"cap": 1.5}), rows, 2023), within=100)
    up = near.filter((pl.col("enterprise") == "1") & (pl.col("points") > 0))
    assert up["points"].to_list() == pytest.approx([10.0, 10.0])
    assert up["amount"].to_list() == [None, None]  # either alone would have to pass 1.5 times the base


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=7),
    st.sampled_from(["better", "worse"]),
    st.sampled_from(["down", "half_up", "up"]),
    st.randoms(use_true_random=False),
)
def test_whatever_an_unknown_value_turns_out_to_be_the_class_was_within_its_interval(
    values: list[int | None], ties: str, rounding: str, chance: Any
) -> None:
    found = method(group={"cap": 4.0}, ties=ties, rounding=rounding)
    before = assess(found, table(x=pl.Series(values, dtype=pl.Float64)), 2023)
    settled = [chance.randint(0, 4) if value is None else value for value in values]
    after = assess(found, table(x=[float(value) for value in settled]), 2023)
    assert (after.best == after.worst).all()
    assert ((before.best <= after.best) & (after.worst <= before.worst)).all()
    assert after.best.tolist() == _plain(settled, ties, after.method)


def _plain(scores: list[int], ties: str, found: Method) -> list[int]:
    """Class one by one: how many are ahead, against the places of each class."""
    shares = [found.groups[0].until[name] * len(scores) / 100 for name in "ab"]
    round_ = {"down": np.floor, "up": np.ceil, "half_up": lambda share: np.floor(share + 0.5)}[found.rounding]
    classes = []
    for at, score in enumerate(scores):
        others = scores[:at] + scores[at + 1 :]
        ahead = sum(other > score or (ties == "worse" and other == score) for other in others)
        classes.append(sum(ahead + 1 > round_(round(share, 9)) for share in shares))
    return classes


def test_every_mistake_of_a_method_is_told_with_its_place() -> None:
    body = shipped("linping_biomed", "linping")
    body["groups"][0]["weights"]["taxx"] = 5
    body["groups"][0]["until"] = {"a": 80, "b": 20, "c": 95}
    body["steps"][1]["at_best"] = "e"
    del body["tenant"]
    with pytest.raises(DefinitionError) as told:
        build_method(body, "linping.yaml")
    said = str(told.value)
    assert "5 to mend" in said
    for part in ("Did you mean 'tax'?", "groups.above.until", "steps.bad_faith", "groups.below.tenants"):
        assert part in said


def test_a_table_without_a_column_is_refused_with_its_name() -> None:
    with pytest.raises(UserError, match="no column 'x'"):
        assess(method(), table(y=[1.0]), 2023)


def test_the_command_tells_scores_and_names_the_nearest_method(tmp_path: Path) -> None:
    table_ = tmp_path / "facts.csv"
    head = "enterprise,year,revenue_cny,land_mu,tax_paid_cny,value_added_cny,energy_tce,emissions_t,employees"
    rows = "one,2022,100000000,10,4000000,15000000,750,0.25,,5000000,100000000"
    table_.write_text(f"{head},rd_expense_cny,main_business_revenue_cny\n{rows}\n", encoding="utf-8")
    asked = ["rules", "per-mu", "zhejiang_usual", str(table_), "--on", "2023-06-30"]
    told = CliRunner().invoke(main, asked).output
    assert told.startswith("one: above, 109.0516 to 124.0516, class ")  # heads unknown: worth 0 to 15 points
    wrong = CliRunner().invoke(main, [*asked[:2], "zhejiang_usal", *asked[3:]])
    assert "Did you mean 'zhejiang_usual'?" in wrong.output


def test_a_column_that_nobody_reads_is_told_with_the_nearest_input_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes(
        "enterprise,year,tax_payd_cny,land_mu,revenue_cny\none,2022,4000000,１０,100000000\n".encode("gbk")
    )
    told = CliRunner().invoke(main, ["rules", "per-mu", "zhejiang_usual", str(file), "--on", "2023-06-30"])
    assert told.exit_code == 0
    assert told.stdout.startswith("one: above, 0.0000 to 150.0000")  # the tax is unknown, not 0
    assert 'column tax_payd_cny: The column "tax_payd_cny" is not read' in told.stderr
    assert 'the nearest is "tax_paid_cny"' in told.stderr
