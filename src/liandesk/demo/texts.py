"""A synthetic text of the demo's next plan: read, half reviewed, one reading corrected; the rest waits on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.steer.texts import actions, parses
from liandesk.steer.texts.models import PlanText
from liandesk.steer.texts.queries import plan_texts, review
from liankit.synthetic.plans import Noise, draw_plan, write_plan

_SEED = 9
_NAME = "下一期规划征求意见稿（合成）.txt"
_TITLE = "下一期产业规划（合成示例）"


def read_next_plan(people: Mapping[str, User]) -> int:
    """Send the text once, as the chain office would; return how much of it waits for a decision."""
    office = viewer_of(people["ChainOffice"])
    found = plan_texts(office).filter(plan="next_plan").first()
    if found is None:
        drawn = draw_plan(_SEED, programmes=4)
        written = write_plan(drawn, "labels", Noise(spaced=True, spliced=True), seed=_SEED)
        period = (date(drawn.until - 4, 1, 1), date(drawn.until, 12, 31))
        said = {"plan": "next_plan", "title": _TITLE, "name": _NAME}
        found = actions.send(by=office, content=written.encode(), period=period, is_synthetic=True, **said)
        parses.parse(found)
        _review(found, office)
    found.refresh_from_db()
    return found.undecided


def _review(text: PlanText, office: Viewer) -> None:
    """Accept the first programme whole, and correct how firmly the next target is meant."""
    seen = review(office, text.pk)
    programmes = [one.key for one in seen.found if one.kind == "programme"]
    actions.accept_below(text.pk, programmes[0], by=office)
    targets = [one for one in review(office, text.pk).found if one.kind == "target" and one.verdict == "open"]
    if targets:
        actions.correct(text.pk, targets[0].key, {"commitment": "ensure"}, by=office, version=0)
