"""A segment that a sheet names in its own words waits for the chain office, which says once which node is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.liandesk.source_files import write_csv

from liandesk.base.accounts.roles import NOBODY, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.facts.queries import as_known
from liandesk.know.chain.models import Node
from liandesk.know.sources.actions import load
from liandesk.know.sources.free_texts import FreeText, free_texts, say_node, suggestions
from liandesk.know.sources.readers import source_of

BY = system_viewer("test")
Signed = Callable[[str], Client]


def _load(path: Path, *rows: tuple[str, str]) -> None:
    load(
        source=source_of("workbook"),
        paths=[write_csv(path, list(map(list, rows)), heads=("企业名称", "细分领域"))],
        by=BY,
    )


@pytest.fixture
def waiting(db: None, tmp_path: Path) -> list[FreeText]:
    Node.objects.create(id="I1", position=1, name="细胞与基因治疗", node_kind="segment", basis="asserted", is_open=True)
    _load(
        tmp_path / "a.csv",
        ("甲有限公司", "细胞和基因治疗(CGT)"),
        ("乙有限公司", "细胞和基因治疗(CGT)"),
        ("丙有限公司", "类器官"),
    )
    return free_texts(BY, waiting=True)


def _names() -> dict[str, str]:
    facts = as_known(None, BY, kinds=["item"]).facts.filter(attribute="name")
    return dict(facts.select("record", "text").iter_rows())


def test_texts_wait_with_what_hangs_on_them_first_and_like_nodes_are_suggested(waiting: list[FreeText]) -> None:
    assert [(one.text, one.node_kind, one.uses, one.meant) for one in waiting] == [
        ("细胞和基因治疗(CGT)", "segment", 2, ""),
        ("类器官", "segment", 1, ""),
    ]
    assert suggestions(BY, waiting[0]) == ["细胞与基因治疗"]


def test_what_is_said_is_remembered_for_every_later_sheet_and_the_written_word_stays(
    waiting: list[FreeText], tmp_path: Path
) -> None:
    events = AuditEvent.objects.count()
    say_node(waiting[0].key, name="细胞与基因治疗", by=BY)
    assert AuditEvent.objects.count() == events + 1
    _load(tmp_path / "b.csv", ("丁有限公司", "细胞和基因治疗（CGT）"))
    assert _names()[waiting[0].record] == "细胞与基因治疗"
    (decided,) = free_texts(BY, waiting=False)
    assert (decided.text, decided.meant, decided.uses) == ("细胞和基因治疗(CGT)", "细胞与基因治疗", 3)
    assert [one.text for one in free_texts(BY, waiting=True)] == ["类器官"]


def test_a_new_node_is_made_only_when_it_is_said_to_be_new_and_a_decision_can_be_changed(
    waiting: list[FreeText],
) -> None:
    with pytest.raises(UserError):
        say_node(waiting[1].key, name="类器官芯片", by=BY)
    say_node(waiting[1].key, name="类器官芯片", is_new=True, by=BY)
    say_node(waiting[1].key, name="细胞与基因治疗", by=BY)
    (decided,) = free_texts(BY, waiting=False)
    assert (decided.text, decided.meant) == ("类器官", "细胞与基因治疗")


def test_only_the_chain_office_decides(waiting: list[FreeText]) -> None:
    with pytest.raises(NotAllowed):
        say_node(waiting[0].key, name="细胞与基因治疗", by=NOBODY)


def test_the_pages_show_what_waits_and_take_the_decision(waiting: list[FreeText], cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    assert "细胞和基因治疗(CGT)" in client.get(reverse("free_texts")).content.decode()
    url = reverse("free_text", args=[waiting[0].key])
    assert "细胞与基因治疗" in client.get(url).content.decode()
    assert client.post(url, {"name": "没有的节点"}).status_code == 400
    client.post(url, {"name": "细胞与基因治疗"})
    assert "细胞与基因治疗" in client.get(reverse("free_texts"), {"state": "decided"}).content.decode()
    assert cast_client("OtherTown").get(url).status_code == 403
