"""Read texts of plans: what was sent, what was found in one, what a newer reading changed, the plan they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import latest, versions
from liandesk.base.errors import NotThere
from liandesk.base.ui.display import language
from liandesk.steer.texts.models import Parse, PlanText, TextState
from liandesk.steer.texts.policies import PLAN_TEXT
from liandesk.steer.texts.reviews import Review, read, review_of
from liankit.plan.anchors import Change, compare
from liankit.plan.drafting import Draft, Frame, draft
from liankit.plan.model import KIND


def plan_texts(viewer: Viewer) -> QuerySet[PlanText]:
    """Return the texts that the viewer may see, the last sent first."""
    return PlanText.objects.filter(visibility(viewer, PLAN_TEXT).as_q())


def plan_text(viewer: Viewer, pk: int) -> PlanText:
    """Return one text; raise NotThere."""
    found = plan_texts(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such text for you."))
    return found


def review(viewer: Viewer, pk: int) -> Review:
    """Return a text with what was found in it and what people said of that."""
    return review_of(plan_text(viewer, pk))


@dataclass(frozen=True)
class Changes:
    """What the last reading of a text changed of the one before it."""

    before: Parse
    after: Parse
    lines: list[Change]


def changes(viewer: Viewer, pk: int) -> Changes | None:
    """Return what the last reading changed; None for a text that was read once."""
    last = list(plan_text(viewer, pk).parses.all()[:2])
    if len(last) < 2:
        return None
    after, before = last
    return Changes(before, after, compare(read(before)[1], read(after)[1]))


@dataclass(frozen=True)
class Drafted:
    """The plan that the texts of a key give, and the version it stands on."""

    texts: list[PlanText]
    standing: Definition | None
    draft: Draft

    @property
    def undecided(self) -> int:
        """Return how much of the texts nobody has decided about."""
        return sum(text.undecided for text in self.texts)


def drafted(viewer: Viewer, plan: str) -> Drafted:
    """Return what the reviewed texts of a plan give on top of its newest version; raise NotThere without a text."""
    found = list(plan_texts(viewer).filter(plan=plan, state=TextState.READ).order_by("pk"))
    if not found:
        raise NotThere(_("There is no text of this plan for you."))
    standing = next((one for one in versions(viewer, KIND, plan) if one.withdrawn_at is None), None)
    made = draft([review_of(text).found for text in found], _frame(found), standing.body if standing else None)
    return Drafted(found, standing, made)


def _frame(found: list[PlanText]) -> Frame:
    first = found[0]
    period = {"from": str(first.period_from), "to": str(first.period_to)}
    files = ", ".join(text.name for text in found)
    source = {
        "zh": f"由程序从上传的文本中读出、经人工核对：{files}。",
        "en": f"Read by a program out of texts that were sent and checked by people: {files}.",
    }
    return Frame(first.plan, {"zh": first.title, "en": first.title}, period, source)


def plans_to_send_to(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the plans that a text may be of: those defined, and those that texts were sent of."""
    defined = {one.key: one.body["title"][language()] for one in latest(viewer) if one.kind == KIND}
    sent = dict(plan_texts(viewer).values_list("plan", "title"))
    return sorted((sent | defined).items())


def rows_of(review: Review) -> list[dict[str, Any]]:
    """Return what was found as rows of JSON, with the place's key and what a person said beside what was found."""
    return [
        {**one.row, "key": one.key, "verdict": one.verdict, "said": dict(one.said), "into": one.into or None}
        for one in review.found
    ]
