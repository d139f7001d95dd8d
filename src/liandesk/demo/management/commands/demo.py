"""``liandesk demo``: the product with a synthetic district loaded, its lists computed and people at work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandParser

from liandesk.assess.lists.edition_queries import editions
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import pin_today, pinned_today, today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack
from liandesk.base.prepare import prepare
from liandesk.demo import story
from liandesk.demo.appraisal import appraise
from liandesk.demo.backups import keep_backups
from liandesk.demo.deals import make_deals
from liandesk.demo.disruptions import enter_disruptions, forecast
from liandesk.demo.incidents import meet_incidents
from liandesk.demo.indicators import enter_listings, follow_targets
from liandesk.demo.levels import tell_levels
from liandesk.demo.listing import coach_listings
from liandesk.demo.local_services import ask_of_the_district
from liandesk.demo.per_mu import publish_per_mu
from liandesk.demo.pipeline import follow_leads
from liandesk.demo.plan import work_on_plan
from liandesk.demo.policies import match_a_clause
from liandesk.demo.portfolio import weigh_a_budget
from liandesk.demo.ratings import rate_targets
from liandesk.demo.reports import report_on_plan
from liandesk.demo.samples import sample_evidence
from liandesk.demo.services import ask_for_services
from liandesk.demo.survey import hold_surveys
from liandesk.demo.tasks import share_out_tasks
from liandesk.demo.texts import read_next_plan
from liandesk.demo.transfers import transfer_results
from liandesk.demo.trials import start_trials
from liandesk.demo.work import put_in_hand
from liandesk.know.registry.queries import organisations
from liandesk.know.sources.actions import load_made
from liandesk.know.sources.readers import source_of
from liandesk.refresh.runs import run_now
from liandesk.refresh.server import check_port, collect_static, serve

Result = TypeVar("Result")


class Command(BaseCommand):
    help = "Build the demo and serve it. Example: liandesk demo --port 8001"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--enterprises", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-serve", action="store_true", help="build everything and stop")
        parser.add_argument("--json", action="store_true", help="print a summary as JSON instead of progress")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["no_serve"]:
            check_port(options["host"], options["port"])
        self.is_quiet = options["json"]
        by = system_viewer("command")
        people = self._build(by, options)
        links = story.sign_in_links(people, by=by)
        if options["json"]:
            self.stdout.write(json.dumps(_summary(by), ensure_ascii=False, indent=2))
        if options["no_serve"]:
            return
        self._invite(f"http://{options['host']}:{options['port']}", links)
        serve(host=options["host"], port=options["port"])

    def _build(self, by: Viewer, options: dict[str, Any]) -> dict[str, Any]:
        self._step("Database", prepare)
        self._step("Definitions", lambda: take_over_packs(by=by))
        if pinned_today() is None:
            pin_today(pack().demo_today)
        size = {"enterprises": options["enterprises"], "seed": options["seed"]}
        self._step("Synthetic district", lambda: load_made(source=source_of("synthetic"), options=size, by=by))
        self._step("Lists", run_now)
        people = self._step("People", lambda: story.make_people(by=by))
        self._step("Disruptions", lambda: enter_disruptions(people, options["seed"]))
        self._step("Listings", lambda: enter_listings(people))
        self._step("Likelihoods", run_now)
        self._step("Entries judged", lambda: story.judge_entries(people))
        self._step("Listing library", lambda: coach_listings(people))
        self._step("Yield per mu, as published", lambda: publish_per_mu(people))
        self._step("First edition", lambda: story.sign_first_edition(people))
        self._step("First instruction", lambda: story.open_instruction(people))
        self._step("Work in hand", lambda: put_in_hand(people))
        self._step("Start-up of trials", lambda: start_trials(people))
        self._step("Services", lambda: ask_for_services(people))
        self._step("Services of the district", lambda: ask_of_the_district(people))
        self._step("Fulfilment of a policy", lambda: match_a_clause(people))
        self._step("Transfers", lambda: transfer_results(people))
        self._step("Leads and projects", lambda: follow_leads(people))
        self._step("Levels", lambda: tell_levels(people))
        self._step("Deals", lambda: make_deals(people))
        self._step("Backups", lambda: keep_backups(people))
        self._step("Forecasts", lambda: forecast(people))
        self._step("Incident rooms", lambda: meet_incidents(people))
        self._step("Budget", lambda: weigh_a_budget(people))
        self._step("Surveys", lambda: hold_surveys(people))
        self._step("Plan", lambda: work_on_plan(people))
        self._step("Ratings", lambda: rate_targets(people))
        self._step("Targets", lambda: follow_targets(people))
        self._step("Task sheet", lambda: share_out_tasks(people))
        self._step("Samples of evidence", lambda: sample_evidence(people))
        self._step("Appraisal", lambda: appraise(people, options["seed"]))
        self._step("Text of the next plan", lambda: read_next_plan(people))
        self._step("Reports", lambda: report_on_plan(people))
        self._step("Pages", collect_static)
        return people

    def _step(self, name: str, do: Callable[[], Result]) -> Result:
        started = time.perf_counter()
        result = do()
        if not self.is_quiet:
            self.stdout.write(f"  {name}: {time.perf_counter() - started:.1f} s")
        return result

    def _invite(self, site: str, links: dict[str, str]) -> None:
        self.stdout.write(f"\nThe demo is at {site} — all data are synthetic; its date is {today()}.")
        self.stdout.write(
            "Sign in as one of the cast; each link works once (`liandesk user link NAME` makes another):\n"
        )
        for name, path in links.items():
            self.stdout.write(f"  {name:<16} {site}{path}")
        self.stdout.write("\nCtrl-C stops it; what you enter is kept.")


def _summary(by: Viewer) -> dict[str, Any]:
    return {
        "today": today().isoformat(),
        "pack": pack().key,
        "synthetic": True,
        "organisations": organisations(by).count(),
        "entries": entries(by).count(),
        "admitted": entries(by).filter(state="admitted").count(),
        "editions": editions(by).count(),
    }
