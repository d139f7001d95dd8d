"""A definition with mistakes is refused whole, each mistake with its place and the nearest valid name."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.liankit.process_cases import body, coded, process

from liankit.process import DefinitionError, build_process, read_process


def replaced(group: str, key: str, **changes: Any) -> dict[str, Any]:
    """Return the body with one part of a group changed."""
    return body(**{group: [{**part, **changes} if part["key"] == key else part for part in body()[group]]})


def added(group: str, part: dict[str, Any]) -> dict[str, Any]:
    return body(**{group: [*body()[group], part]})


def test_a_right_definition_is_read() -> None:
    assert process().roles_of(process().transition("pass")) == ("hospital",)  # type: ignore[arg-type]
    assert read_process(yaml.safe_dump(body(), allow_unicode=True), "a.yaml") == process()


@pytest.mark.parametrize(
    ("wrong", "where", "what"),
    [
        (body(clock=[]), "clock", "Did you mean 'clocks'?"),
        (replaced("stages", "ethics", lead="hopsital"), "stages.ethics.lead", "Did you mean 'hospital'?"),
        (replaced("stages", "ethics", lead=""), "stages.ethics", "needs a leading role"),
        (replaced("transitions", "sign", to="contract_don"), "transitions.sign.to", "'contract_done'"),
        (replaced("transitions", "sign", needs=["copy"]), "transitions.sign.needs", "contract_copy"),
        (replaced("clocks", "whole", source=""), "clocks.whole", "needs its source"),
        (replaced("clocks", "whole", starts="begin"), "clocks.2.starts", "pattern"),
        (replaced("clocks", "signing", stops="do sing"), "clocks.signing.stops", "Did you mean 'sign'?"),
        (replaced("clocks", "review", paused_by=["paper"]), "clocks.review.paused_by", "Did you mean 'papers'?"),
        (replaced("clocks", "accepting", warn=3), "clocks.accepting.warn", "3 days before the end of 2"),
        (added("stages", coded("lonely", lead="office")), "stages.lonely", "no case can reach"),
        (added("stages", coded("ethics", lead="office")), "stages.ethics", "stands 2 times"),
        (
            replaced("stages", "dropped", outcome=coded("dropped", kind="failure", reasons=[])),
            "stages.dropped.outcome",
            "needs reason codes",
        ),
        (
            replaced("transitions", "finish", to="received"),
            "stages.done",
            "no case can reach",
        ),
        (
            added("transitions", coded("trap", **{"from": "agreed", "to": "agreed"}))
            | {"transitions": [t for t in body()["transitions"] if t["key"] != "finish"]},
            "stages.agreed",
            "no end can be reached",
        ),
        (
            added("transitions", coded("early", **{"from": "contract_done", "to": "dropped"})),
            "stages.dropped",
            "would end with these stages open: ethics",
        ),
        (
            added("transitions", coded("again", **{"from": "contract", "to": ["contract", "ethics"]})),
            "transitions.again",
            "open already",
        ),
        (body(form=[coded("kind", kind="choice")]), "form.kind", "has choices"),
    ],
)
def test_a_mistake_is_named_with_its_place(wrong: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        build_process(wrong, "zhejiang/start_up.yaml")
    assert str(refused.value).startswith("zhejiang/start_up.yaml: ")
    assert any(fault.where == where and what in fault.what for fault in refused.value.faults), str(refused.value)


def test_ten_mistakes_are_ten_messages() -> None:
    wrong = replaced("stages", "ethics", lead="hopsital", **{"with": ["ofice"]})
    wrong["start"] = "recieved"
    wrong["transitions"][1]["needs"] = ["copy"]
    wrong["transitions"][3]["roles"] = ["boss"]
    wrong["transitions"][4]["approval"] = {"role": "leeder"}
    wrong["clocks"][0]["warn"] = 9
    wrong["clocks"][1]["paused_by"] = ["paper"]
    wrong["clocks"][2]["source"] = ""
    wrong["clocks"][3]["stops"] = "do sing"
    with pytest.raises(DefinitionError) as refused:
        build_process(wrong, "x.yaml")
    assert len(refused.value.faults) == 10, str(refused.value)


def test_a_file_that_is_no_yaml_is_said_to_be_none() -> None:
    with pytest.raises(DefinitionError, match="no YAML"):
        read_process("a: [", "broken.yaml")
