from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.facts import actions as facts
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Publication
from liandesk.base.snapshots.queries import published
from liandesk.know.registry.models import Organisation
from liandesk.know.registry.portrait_queries import portrait
from liandesk.know.registry.queries import organisations
from liandesk.know.sources.actions import load, load_made
from liandesk.know.sources.readers import source_of
from liandesk.refresh.runs import run_now

BY = system_viewer("test")
pytestmark = pytest.mark.django_db(transaction=True)


def _load_district(enterprises: int = 30) -> str:
    loaded = load_made(source=source_of("synthetic"), options={"enterprises": enterprises, "seed": 1}, by=BY)
    assert loaded.landing
    return loaded.landing.key


def _skipped(job: Job) -> list[bool]:
    return [step.is_skipped for step in job.steps.exclude(name="publish")]


def test_a_loaded_district_becomes_a_published_list_marked_synthetic() -> None:
    _load_district()
    run_now()
    snapshot = published()
    assert snapshot and snapshot.is_synthetic
    assert entries(BY).count() == store.get_frame(snapshot.tables["entries"]).height > 100
    assert all(entry.is_synthetic for entry in entries(BY)[:20])
    assert organisations(BY).filter(is_synthetic=False).count() == 0


def test_a_refresh_of_the_same_facts_knows_every_step_and_publishes_nothing_new() -> None:
    _load_district()
    run_now()
    # the ids that the first one minted are an input of the second, which therefore clusters once more, to the same end
    assert {step.name for step in run_now().steps.filter(is_skipped=False)} == {"organisations", "publish"}
    assert all(_skipped(run_now()))
    assert Publication.objects.count() == 1


def test_a_damaged_result_is_computed_again_and_not_read() -> None:
    _load_district()
    run_now()
    run_now()
    snapshot = published()
    assert snapshot
    path = store.blob_path(snapshot.tables["entries"])
    path.write_bytes(path.read_bytes()[:-1])
    assert {step.name for step in run_now().steps.filter(is_skipped=False)} == {"levels", "publish"}
    assert store.is_intact(snapshot.tables["entries"])


def test_a_withdrawn_load_leaves_the_list_and_organisations_keep_their_ids_when_it_comes_again() -> None:
    key = _load_district()
    run_now()
    before = set(Organisation.objects.values_list("id", "name"))
    facts.withdraw(key, why="test", by=BY)
    run_now()
    assert entries(BY).filter(is_current=True).count() == 0 and organisations(BY).count() == 0
    _load_district()
    run_now()
    assert set(organisations(BY).values_list("id", "name")) == before


def test_a_portrait_says_where_each_field_was_said() -> None:
    _load_district()
    run_now()
    found = portrait(BY, organisations(BY)[0].id)
    assert found
    named = found.facts.filter(pl.col("attribute") == "name").row(0, named=True)
    assert named["source"] == "synthetic" and named["file"] and named["row"] > 0


def test_the_american_chain_is_accounted_for_from_file_to_list(real_data: Path) -> None:
    """Figures of the data's own description: 3,009 enterprises, 2,134 drugs, 23,159 links."""
    files = sorted((real_data / "us_pharma_chain_2023").glob("*.csv"))
    load(source=source_of("us_pharma"), paths=files, by=BY)
    job = run_now()
    steps = {step.name: step for step in job.steps.all()}
    assert steps["organisations"].rows_out["members"] == 3009
    assert steps["chain"].rows_out["supplies"] == 10566
    assert steps["facts"].lost == {"said_again_the_same": 2832}
    assert steps["organisations"].lost == {"record_of_an_organisation_already_counted": 719}
    assert steps["chain"].lost == {"record_of_an_item_already_counted": 2, "relation_said_again": 2}
    assert not steps["exposure"].lost
    top = [entry.item_name for entry in entries(BY)[:10]]
    assert "METHYLERGONOVINE" in top  # one listed maker, nine enterprises' products
