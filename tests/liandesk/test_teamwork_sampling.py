"""Samples of evidence: drawn by a seed that draws the same again, each piece checked by another than its giver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.snapshots import store
from liandesk.base.teamwork.models import Sample, SampleItem
from liandesk.base.teamwork.sampling import Wanted, chosen, draw, items, judge
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case

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
