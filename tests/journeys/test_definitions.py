"""Pages of definitions: the flow chart, what a version changed, a map between versions and its trial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.definitions import actions
from liandesk.base.definitions.queries import in_force
from liandesk.base.work.actions import NewCase, Step, act, open_case

BY = system_viewer("test")


def publish(kind: str, key: str, body: dict[str, Any], by: Viewer) -> None:
    text = yaml.safe_dump(body, allow_unicode=True)
    actions.publish(actions.propose(by=by, kind=kind, key=key, text=text, effective_from=today()).pk, by=BY)


def test_a_version_its_flow_chart_and_the_trial_of_a_map_are_readable(
    people: dict[str, Any], look_at: Callable[..., None]
) -> None:
    actions.take_over_packs(by=BY)
    office = viewer_of(people["ChainOffice"])
    parties = [("issuer", "office", "economy"), ("lead", "office", "economy")]
    asked = {"task": "落实第二厂区用地指标", "due": "2024-10-31"}
    cases = [open_case(NewCase("instruction", "落实第二厂区用地", parties, asked), by=office) for _ in range(2)]
    act(cases[0].pk, Step("do", 1, "sign_for"), by=office)
    first = in_force("process", "instruction")
    assert first is not None
    changed = yaml.safe_load(yaml.safe_dump(first.body, allow_unicode=True).replace("issued", "waiting"))
    changed["clocks"][1] |= {"days": 2, "source": "区里通知"}
    publish("process", "instruction", changed, office)
    title = {"zh": "交办督办：第1版 → 第2版", "en": "Instruction: version 1 to 2"}
    said = {"key": "instruction_1_2", "title": title, "process": "instruction", "from": 1, "to": 2}
    publish("migration", "instruction_1_2", {**said, "stages": {"issued": None}}, office)
    pages = {
        "all": "/definitions/",
        "process": "/definitions/process/instruction",
        "challenge": "/definitions/process/challenge",
        "propose": "/definitions/process/instruction/propose",
        "map": "/definitions/migration/instruction_1_2",
        "trial": "/cases/migrations/instruction_1_2",
        "case": f"/cases/{cases[0].pk}",
    }
    look_at(pages, "definitions")
