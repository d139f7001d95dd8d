"""Samples of evidence: drawn by a seed that draws the same again, each piece checked by another than its giver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.snapshots import store
from liandesk.base.teamwork.models import Sample, SampleItem
from liandesk.base.teamwork.risk_factors import closes_alone, near_due
from liandesk.base.teamwork.sampling import Wanted, chosen, draw, items, judge, result
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case, CaseEvent
from liankit.cli.app import main

WANTED = Wanted(date(2024, 9, 1), date(2024, 9, 30), 2, "instruction", "dice 4 2 6")


@pytest.fixture
def proved(instruction: Case, viewer: Callable[[str], Viewer]) -> Case:
    """Three pieces of evidence: one kept, one damaged, one gone."""
    hashes = [store.put_bytes(content) for content in (b"%PDF kept", b"%PDF damaged", b"%PDF gone")]
    store.blob_path(hashes[1]).write_bytes(b"%PDF other")
    store.blob_path(hashes[2]).unlink()
    officer = viewer("Officer")
    for number, (digest, title) in enumerate(zip(hashes, ("kept", "damaged", "gone"), strict=True), start=1):
        act(instruction.pk, Step("prove", number, "result", {"hash": digest, "title": title}), by=officer)
    return instruction


@given(st.text(max_size=10), st.sets(st.tuples(st.integers(1, 99), st.integers(1, 9))), st.integers(0, 20))
@settings(max_examples=50)
def test_a_seed_draws_the_same_whatever_the_order(seed: str, pieces: set[tuple[int, int]], size: int) -> None:
    found = chosen(seed, sorted(pieces), size)
    assert found == chosen(seed, sorted(pieces, reverse=True), size)
    assert len(set(found)) == len(found) == min(size, len(pieces)) and set(found) <= pieces
    assert chosen(seed, pieces, size + 1)[:size] == found


def test_every_piece_has_about_the_same_chance() -> None:
    drawn = Counter(piece for seed in range(3000) for piece in chosen(str(seed), [(1, n) for n in range(10)], 3))
    assert all(abs(count - 900) < 120 for count in drawn.values()) and len(drawn) == 10


@pytest.mark.django_db
def test_a_sample_says_how_it_was_drawn_and_whether_each_file_is_what_was_given(
    proved: Case, viewer: Callable[[str], Viewer]
) -> None:
    auditor = viewer("Auditor")
    sample = draw(Wanted(WANTED.first, WANTED.last, 9), by=auditor)
    assert (sample.size, sample.population, len(sample.seed)) == (3, 3, 16)
    assert {item.title: item.found for item in items(auditor, sample.pk)} == {
        "kept": "intact",
        "damaged": "changed",
        "gone": "missing",
    }
    first, second = draw(WANTED, by=auditor), draw(WANTED, by=viewer("ChainOffice"))
    assert [item.number for item in items(auditor, first.pk)] == [item.number for item in items(auditor, second.pk)]
    assert AuditEvent.objects.filter(action="sample.draw").count() == 3


@pytest.mark.django_db
def test_who_gave_a_piece_does_not_check_it_and_a_no_needs_its_reason(
    proved: Case, viewer: Callable[[str], Viewer]
) -> None:
    auditor, office = viewer("Auditor"), viewer("ChainOffice")
    proved.refresh_from_db()
    kept = store.put_bytes(b"%PDF own")
    act(proved.pk, Step("prove", proved.events_count, "result", {"hash": kept, "title": "own"}), by=office)
    sample = draw(Wanted(WANTED.first, WANTED.last, 9), by=office)
    pieces = {item.title: item.pk for item in items(auditor, sample.pk)}
    with pytest.raises(NotAllowed, match="another person"):
        judge(pieces["own"], "yes", by=office)
    with pytest.raises(UserError):
        judge(pieces["own"], "no", by=auditor)
    for name in ("Officer", "ChainChief"):
        with pytest.raises(NotAllowed):
            judge(pieces["kept"], "yes", by=viewer(name))
    judge(pieces["own"], "no", by=auditor, note="another year's minutes")
    item = SampleItem.objects.get(pk=pieces["own"])
    assert (item.answer, item.note, item.checked_by) == ("no", "another year's minutes", auditor.actor)
    judge(pieces["kept"], "yes", by=auditor)
    stood = METRICS["evidence_stood"](date(2024, 9, 30), by="office", of=())
    assert [(one.scope, one.value) for one in stood] == [("office:economy", 0.0), ("office:market", 1.0)]


@pytest.mark.django_db
def test_restricted_cases_are_in_no_sample(proved: Case, viewer: Callable[[str], Viewer]) -> None:
    auditor = viewer("Auditor")
    sample = draw(WANTED, by=auditor)
    Case.objects.update(is_restricted=True)
    assert not items(auditor, sample.pk).exists()
    with pytest.raises(NotThere):
        judge(sample.items.all()[0].pk, "yes", by=auditor)
    with pytest.raises(UserError, match="No evidence"):
        draw(WANTED, by=auditor)
    for wanted in (Wanted(WANTED.last, WANTED.first, 2), Wanted(WANTED.first, WANTED.last, 0)):
        with pytest.raises(UserError, match="period in its order"):
            draw(wanted, by=auditor)


@pytest.mark.django_db
def test_a_sample_is_drawn_checked_and_taken_in_pages(proved: Case, cast_client: Callable[[str], Client]) -> None:
    auditor = cast_client("Auditor")
    form = {"process": "instruction", "first": "2024-09-01", "last": "2024-09-30", "size": 3, "seed": "7"}
    assert auditor.post("/samples/", {**form, "size": 0}).status_code == 400
    assert auditor.post("/samples/", form).status_code == 302
    sample = Sample.objects.get()
    page = f"/samples/{sample.pk}"
    kept, gone = (sample.items.get(title=title) for title in ("kept", "gone"))
    assert auditor.get(f"{page}/{kept.pk}/file").content == b"%PDF kept"
    assert auditor.get(f"{page}/{gone.pk}/file").status_code == 404
    assert auditor.post(f"{page}/{kept.pk}", {"answer": "yes"}).status_code == 302
    assert "circle-check" in auditor.get(page).content.decode()
    csv = b"".join(auditor.get(f"{page}/export.csv").streaming_content).decode()
    assert "damaged" in csv and auditor.get(f"{page}/export.xlsx").status_code == 200
    assert cast_client("Officer").get(page).status_code == 403


@pytest.mark.django_db
def test_by_risk_each_piece_has_a_weight_with_reasons_and_its_chance(
    proved: Case, viewer: Callable[[str], Viewer], cast_client: Callable[[str], Client], tmp_path: Path
) -> None:
    auditor, office = viewer("Auditor"), viewer("ChainOffice")
    first = draw(Wanted(WANTED.first, WANTED.last, 1, seed="1"), by=auditor)
    assert all(item.chance == pytest.approx(1 / 3) and item.weight is None for item in items(auditor, first.pk))
    proved.refresh_from_db()
    act(proved.pk, Step("prove", proved.events_count, "result", {"hash": "0" * 64, "title": "own"}), by=office)
    piece = first.items.get()
    judge(piece.pk, "no", by=auditor, note="another year's minutes")
    sample = draw(Wanted(WANTED.first, WANTED.last, 2, seed="7", design="risk"), by=auditor)
    weights = {(case, number): weight for case, number, weight in sample.frame}
    assert sorted(weights.values()) == [1, 3, 3, 3], "whose piece failed before is looked at three times as often"
    assert {item.chance for item in items(auditor, sample.pk)} <= {0.6, 0.2}
    by_giver = {item.given_by: item.reasons for item in items(auditor, sample.pk)}
    assert by_giver[piece.given_by] == {"failed_before": True}
    assert by_giver.get(office.actor, {"failed_before": None}) == {"failed_before": None}, "nothing is known of them"
    frame = tmp_path / "frame.csv"
    client = cast_client("Auditor")
    frame.write_bytes(b"".join(client.get(f"/samples/{sample.pk}/frame.csv").streaming_content))
    again = CliRunner().invoke(main, ["plan", "sample", str(frame), "--seed", "7", "--size", "2"])
    assert again.output.splitlines() == [
        f"{item.case_id}.{item.number}  {item.chance:.4f}" for item in items(auditor, sample.pk)
    ]
    page = client.get(f"/samples/{sample.pk}").content.decode()
    assert "提交人此前有佐证未通过核查" in page and "×3" in page
    assert client.get(f"/samples/{first.pk}/frame.csv").status_code == 404
    for item in items(auditor, sample.pk):
        judge(item.pk, "no", by=auditor, note="not it")
    assert "95" in client.get(f"/samples/{sample.pk}").content.decode()
    found = result(list(items(auditor, sample.pk)))
    assert (found.checked, found.failing) == (2, 2)
    assert found.estimate and found.estimate.is_few and found.estimate.low < 1


@pytest.mark.django_db
def test_late_evidence_and_the_only_one_of_an_ended_case_weigh_more(
    instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    proof = {"hash": store.put_bytes(b"%PDF"), "title": "kept"}
    act(instruction.pk, Step("prove", 1, "result", proof), by=viewer("Officer"))
    event = CaseEvent.objects.get(kind="prove")
    assert (near_due([event], 3), near_due([event], 60), closes_alone([event], 0)) == ([False], [True], [False])
    Case.objects.update(ended_at=event.at)
    assert closes_alone([event], 0) == [True]
    Definition.objects.filter(kind="sampling").update(published_at=None, published_by="")
    with pytest.raises(UserError, match="No rules"):
        draw(Wanted(WANTED.first, WANTED.last, 1, design="risk"), by=viewer("Auditor"))
