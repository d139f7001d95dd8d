"""What happened in the demo's district before a visitor comes: each part runs, and a second start changes nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from liandesk.act.pipeline.models import LeadCredit
from liandesk.act.transfers.models import Transfer
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_keys
from liandesk.demo import story
from liandesk.demo.deals import make_deals
from liandesk.demo.incidents import meet_incidents
from liandesk.demo.local_services import ask_of_the_district
from liandesk.demo.per_mu import publish_per_mu
from liandesk.demo.pipeline import follow_leads
from liandesk.demo.policies import match_a_clause
from liandesk.demo.ratings import rate_targets
from liandesk.demo.services import ask_for_services
from liandesk.demo.survey import hold_surveys
from liandesk.demo.tasks import share_out_tasks
from liandesk.demo.transfers import transfer_results
from liandesk.demo.trials import start_trials
from liandesk.demo.work import put_in_hand
from liandesk.know.sources.actions import load_made
from liandesk.know.sources.readers import source_of
from liandesk.know.survey.models import Invitation
from liandesk.refresh.runs import run_now

BY = system_viewer("test")


@pytest.mark.django_db
def test_the_story_of_the_demo_plays_every_process_and_only_once() -> None:
    take_over_packs(by=BY)
    load_made(source=source_of("synthetic"), options={"enterprises": 60, "seed": 1}, by=BY)
    run_now()
    people = story.make_people(by=BY)
    assert story.judge_entries(people) == story.ADMITTED
    assert story.sign_first_edition(people) and story.open_instruction(people)
    put_in_hand(people)
    assert start_trials(people) == 13
    assert ask_for_services(people) == 9  # eight asked for, and the pilot that one of them opens
    assert ask_of_the_district(people) == 8
    assert match_a_clause(people) and publish_per_mu(people)
    assert transfer_results(people) == 10
    assert Counter(Transfer.objects.values_list("verdict", flat=True))["counted"] == 3
    assert follow_leads(people) == 16  # thirteen leads, a dispute, a guarantee, a major project
    assert LeadCredit.objects.values("town").distinct().count() > 2
    assert make_deals(people) == 3
    assert meet_incidents(people) == 2
    assert hold_surveys(people) == Invitation.objects.count()
    share_out_tasks(people)
    assert (rate_targets(people), rate_targets(people)) == (5, 0)
    assert set(Invitation.objects.values_list("state", flat=True)) >= {"returned", "declined", "opened", "invited"}
    assert set(Case.objects.values_list("process", flat=True)) == set(process_keys())
    assert not Case.objects.filter(is_synthetic=False).exists()
    count = Case.objects.count()
    story.judge_entries(people)
    story.open_instruction(people)
    put_in_hand(people)
    share_out_tasks(people)
    assert transfer_results(people) == follow_leads(people) == 0
    assert start_trials(people) == 0
    assert make_deals(people) == 0
    assert ask_for_services(people) == 0
    assert match_a_clause(people) == publish_per_mu(people) == meet_incidents(people) == hold_surveys(people) == 0
    assert ask_of_the_district(people) == 0
    assert Case.objects.count() == count
