"""A report's bundle: exact arithmetic, two verifiers that agree, and no byte changed unseen."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.plan.judgement import GRADES, Margins, judge
from liankit.plan.progress import completion, time_progress
from liankit.plan.report.archive import read_zip, write_zip
from liankit.plan.report.bundle import pack, records_of, verify
from liankit.plan.report.language import evaluate, needs, rounded
from liankit.plan.report.ledger import Ledger, mark, parts, printable

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "verify_report.py"


def alone() -> ModuleType:
    """Return the stand-alone script as a module."""
    spec = importlib.util.spec_from_file_location("verify_report", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


ALONE = alone()
DECIMALS = st.none() | st.decimals(-1000, 1000, places=2, allow_nan=False).map(str)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
LISTS = ("sum", "max", "product", "count")
APPRAISING = ("grade", "weighted", "rank", "reaching")
PAIRS = {"difference": ("of", "less"), "ratio": ("of", "by"), "take": ("of",)}


@st.composite
def expressions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Draw an expression and the inputs that it names."""
    kind = draw(st.sampled_from([*LISTS, *PAIRS, *APPRAISING, "share", "completion", "days", "time_progress"]))
    if kind in APPRAISING:
        return appraising(draw, kind)
    if kind in ("days", "time_progress"):
        names = ("start", "end") if kind == "days" else ("day", "start", "end")
        return {"do": kind, **{name: name for name in names}}, {name: draw(DAYS) for name in names}
    if kind in PAIRS:
        return {"do": kind, **{name: name for name in PAIRS[kind]}}, {name: draw(DECIMALS) for name in PAIRS[kind]}
    if kind == "completion":
        names = ("value", "goal", *(("baseline",) if draw(st.booleans()) else ()))
        words = {"counting": draw(st.sampled_from(["cumulative", "within", "level", "rate", "growth"]))}
        words["direction"] = draw(st.sampled_from(["up", "down"]))
        return {"do": kind, **words, **{name: name for name in names}}, {name: draw(DECIMALS) for name in names}
    listed = [f"a{place}" for place in range(draw(st.integers(0, 4)))]
    inputs = {name: draw(DECIMALS) for name in ("part", *listed)}
    return {"do": kind, "of": listed} | ({"part": "part"} if kind == "share" else {}), inputs


def appraising(draw: st.DrawFn, kind: str) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Draw the level of a target, the total of a unit, or its place among others."""
    if kind == "grade":
        names = ("completion", "time", "ahead", "behind")
        shares = st.none() | st.sampled_from(["0", "0.05", "0.5", "0.55", "0.95", "1", "1.2"])
        return {"do": kind, **{name: name for name in names}}, {name: draw(shares) for name in names}
    ids = [f"a{place}" for place in range(draw(st.integers(0, 4)))]
    others = {f"w{name}": draw(st.sampled_from(["0", "20", "35.5"])) for name in ids}
    inputs = {"own": draw(DECIMALS), **{name: draw(DECIMALS) for name in ids}}
    if kind == "weighted":
        return {"do": kind, "of": ids, "weights": list(others), "plus": ["own"]}, inputs | others
    return {"do": kind, "of": "own", "among": ids}, inputs


@given(drawn=expressions())
def test_both_programs_compute_the_same(drawn: tuple[dict[str, Any], dict[str, str | None]]) -> None:
    expression, inputs = drawn
    assert evaluate(expression, inputs.__getitem__) == ALONE.compute(expression, inputs)
    assert set(needs(expression)) <= set(inputs)


@given(value=st.fractions(-1000, 1000, max_denominator=997), places=st.integers(0, 4))
def test_rounding_is_to_the_nearest_and_the_same_in_both(value: Fraction, places: int) -> None:
    said = rounded(value, places)
    assert said == ALONE.printed(value, places)
    assert abs(Fraction(said) - value) <= Fraction(1, 2 * 10**places)


@given(
    value=st.integers(1, 200),
    goal=st.integers(1, 200),
    baseline=st.none() | st.integers(201, 300),
    counting=st.sampled_from(["cumulative", "within", "level", "rate"]),
    direction=st.sampled_from(["up", "down"]),
)
def test_a_report_reckons_completion_as_the_lights_do(
    value: int, goal: int, baseline: int | None, counting: Any, direction: Any
) -> None:
    names = {"value": "v", "goal": "g"} | ({"baseline": "b"} if baseline else {})
    how = {"do": "completion", "counting": counting, "direction": direction, **names}
    found = evaluate(how, {"v": str(value), "g": str(goal), "b": str(baseline)}.__getitem__)
    assert found is not None
    reckoned = completion(value, goal, counting=counting, baseline=baseline, direction=direction)
    assert float(found) == pytest.approx(reckoned)


def test_a_report_reckons_time_as_the_lights_do() -> None:
    day, start, end = date(2024, 9, 30), date(2021, 1, 1), date(2025, 12, 31)
    said = {"d": day.isoformat(), "s": start.isoformat(), "e": end.isoformat()}
    found = evaluate({"do": "time_progress", "day": "d", "start": "s", "end": "e"}, said.__getitem__)
    assert found is not None
    assert float(found) == pytest.approx(time_progress(day, start, end))
    assert evaluate({"do": "days", "start": "s", "end": "d"}, said.__getitem__) == (day - start) // timedelta(days=1)


@given(done=st.none() | st.integers(0, 120), time=st.integers(0, 100))
def test_a_report_judges_as_an_evaluation_does(done: int | None, time: int) -> None:
    names = ("completion", "time", "ahead", "behind")
    shares = (done if done is None else str(Fraction(done, 100)), str(Fraction(time, 100)), "0.05", "0.05")
    said = dict(zip(names, shares, strict=True))
    level = evaluate({"do": "grade", **{name: name for name in names}}, said.get)
    judged = judge(done if done is None else done / 100, time / 100, Margins(0.05, 0.05)).grade
    assert level == (None if judged == "unknown" else len(GRADES) - GRADES.index(judged))


def test_a_total_leaves_its_unknown_items_to_the_others() -> None:
    said = {"a": "80", "b": None, "c": "60", "w": "20", "v": "50", "u": "30", "plus": "1.5"}
    how = {"do": "weighted", "of": ["a", "b", "c"], "weights": ["w", "v", "u"], "plus": ["plus"]}
    assert evaluate(how, said.get) == 68 + Fraction(3, 2)
    assert evaluate({"do": "rank", "of": "c", "among": ["a", "b", "c"]}, said.get) == 2
    assert evaluate({"do": "reaching", "of": "c", "among": ["a", "b", "c"]}, said.get) == 2


def test_what_is_unknown_is_never_zero() -> None:
    known = {"a": "2", "b": None}
    for how in (
        {"do": "sum", "of": ["a", "b"]},
        {"do": "max", "of": ["a", "b"]},
        {"do": "ratio", "of": "a", "by": "b"},
    ):
        assert evaluate(how, known.__getitem__) is None
    assert evaluate({"do": "count", "of": ["a", "b"]}, known.__getitem__) == 1
    assert evaluate({"do": "ratio", "of": "a", "by": "z"}, {"a": "2", "z": "0"}.__getitem__) is None


def test_an_expression_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'ratio'"):
        evaluate({"do": "ratoi"}, lambda name: None)
    with pytest.raises(UserError, match="cannot be done"):
        evaluate({"do": "take", "of": "a"}, {"a": "many"}.__getitem__)


def ledger() -> Ledger:
    """Return a ledger of a target: value, goal, completion, and a forecast."""
    made = Ledger()
    value = made.input("上市公司", 3, "counted", evidence="e" * 64)
    goal = made.input("目标", "5", "the plan")
    how = {"do": "completion", "value": value, "goal": goal, "counting": "cumulative"}
    made.number("完成率", how, unit="%", places=1, scale=100)
    made.number("未达", {"do": "difference", "of": goal, "less": value}, unit="家")
    made.number("未知数", {"do": "take", "of": made.input("无", None, "nothing")})
    made.traced("概率", 83.4, "model", unit="%")
    return made


def test_a_bundle_holds_and_says_what_was_recomputed_taken_and_traced() -> None:
    content, head = pack({"title": "监测"}, ledger(), {"report.pdf": b"pdf"})
    verdict = verify(content)
    assert verdict.holds
    assert (verdict.head, verdict.title, verdict.numbers) == (head, "监测", 4)
    assert verdict.recomputed == ("num_0001", "num_0002", "num_0003")
    assert (verdict.taken, verdict.traced) == (("num_0003",), ("num_0004",))
    assert [one["value"] for one in records_of(content) if one["record"] == "number"] == ["60.0", "2", None, "83"]


def test_the_same_report_is_the_same_bundle_byte_for_byte() -> None:
    assert pack({"title": "x"}, ledger(), {"report.pdf": b"pdf"}) == pack(
        {"title": "x"}, ledger(), {"report.pdf": b"pdf"}
    )


CONTENT, HEAD = pack({"title": "监测"}, ledger(), {"report.pdf": b"pdf"})


@settings(max_examples=150)
@given(data=st.data())
def test_no_byte_of_the_records_changes_unseen(data: st.DataObject) -> None:
    """Whichever bit of a record, a link or a file is flipped: both programs notice."""
    members = read_zip(CONTENT, "report.zip")
    name = data.draw(st.sampled_from(sorted(members)))
    start = CONTENT.index(members[name])
    place = start + data.draw(st.integers(0, len(members[name]) - 1))
    flipped = bytearray(CONTENT)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    assert not verify(bytes(flipped)).holds
    found = ALONE.unpack(bytes(flipped))
    chain = found["chain.txt"].decode("utf-8", "replace").split("\n")
    assert ALONE.report(found["records.jsonl"].split(b"\n"), chain, found) == 1


@pytest.mark.parametrize("key", [b'"sha256"', b'"scale"', b'"value"', b'"id"'])
def test_a_record_that_lost_a_key_is_named_and_not_stumbled_over(key: bytes) -> None:
    place = CONTENT.index(key) + 1
    flipped = CONTENT[:place] + bytes([CONTENT[place] ^ 1]) + CONTENT[place + 1 :]
    assert "record" in {fault.code for fault in verify(flipped).faults}


def test_a_changed_number_is_named_by_both(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    flipped = CONTENT.replace(b'"value": "60.0"', b'"value": "61.0"')
    faults = {(one.code, one.id) for one in verify(flipped).faults}
    assert faults == {("record", "num_0001"), ("value", "num_0001")}
    assert "印作 61.0，重新计算得 60.0" in verify(flipped).faults[1].said("zh")
    path = tmp_path / "report.zip"
    path.write_bytes(flipped)
    assert ALONE.main([str(path)]) == 1
    assert "num_0001 完成率: says 61.0, comes to 60.0" in capsys.readouterr().out


def test_a_changed_input_names_the_numbers_that_follow_from_it() -> None:
    fault = verify(
        CONTENT.replace(b'"label": "\xe7\x9b\xae\xe6\xa0\x87"', b'"label": "\xe7\x9b\xae\xe6\x8c\x87"')
    ).faults[0]
    assert (fault.id, fault.params["users"]) == ("inp_0002", "num_0001, num_0002")


def test_a_bundle_that_was_sealed_anew_has_another_head() -> None:
    other = ledger()
    other.input("more", 1, "nobody")
    content, head = pack({"title": "监测"}, other, {"report.pdf": b"pdf"})
    assert verify(content).holds
    assert head != HEAD


def test_what_is_no_bundle_is_said_so() -> None:
    with pytest.raises(UserError, match="no zip file"):
        verify(b"nothing")
    with pytest.raises(UserError, match=r"no records\.jsonl"):
        verify(write_zip({"a": b"b"}))


def test_a_zip_is_read_stored_or_deflated() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "text" * 100)
    assert read_zip(target.getvalue(), "x") == {"a.txt": b"text" * 100}


def test_a_text_holds_numbers_as_marks_that_nobody_can_type() -> None:
    text = f"完成率{mark('num_0001')}%"
    assert list(parts(text)) == [("", "完成率"), ("num_0001", ""), ("", "%")]
    assert printable(text) == "完成率num_0001%"
