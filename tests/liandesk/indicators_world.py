"""A plan with one approved and one waiting value, and a light that its office reports greener than it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.base.accounts.access import barred
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import Shipped
from liandesk.steer.indicators import actions, light_actions
from liandesk.steer.indicators.actions import Evidence, Said
from liandesk.steer.indicators.jobs import compute_now
from liandesk.steer.indicators.models import Claim, Divergence
from liandesk.steer.indicators.rating_actions import Said as Confidence
from liandesk.steer.indicators.rating_actions import rate

KEY, TARGET = "conversion_projects", "conversion.conversion_projects"
ENTERED = {
    "key": KEY,
    "title": {"zh": "科技成果转化项目数", "en": "Projects that brought results to market"},
    "definition": {"zh": "由责任单位凭证填报", "en": "Entered by its office with evidence"},
    "unit": {"zh": "项", "en": "projects"},
    "counting": "within",
    "period": "quarter",
    "source": "entered",
    "owner": "economy",
    "contributors": ["commerce", "market"],
}
"""The indicator of the plan's number as offices entered it: what is claimed, verified and approved is tried with it."""
CLAIMED = {"owner": "economy", "offices": barred(["economy", "commerce", "market"]), "town": ""}
LED = {"office": "economy"}
RATED = {"lead": "economy", "offices": barred(["economy", "commerce", "market"])}
PDF = Evidence("said.pdf", b"%PDF-1.4 said")


def enter_by_hand() -> None:
    """Put a version in force by which offices enter the number that is else counted from transfers."""
    take_over([Shipped(KINDS["indicator"], KEY, ENTERED, "test", "test.yaml")], by=system_viewer("test"))


def approved(users: Mapping[str, User], value: float, on: date) -> Claim:
    """Return a value that the bureau officer claimed, the chain office verified and the chain chief approved."""
    officer, office, chief = (viewer_of(users[name]) for name in ("Officer", "ChainOffice", "ChainChief"))
    made = actions.claim(KEY, Said(value, on), PDF, by=officer)
    actions.verify(made.pk, by=office, version=1)
    return actions.approve(made.pk, by=chief, version=2)


def marked_claim(users: Mapping[str, User]) -> dict[str, tuple[object, ...]]:
    """Make them with marked texts; return the objects by their short names."""
    enter_by_hand()
    approved(users, 40, date(2024, 6, 30))
    waiting = Evidence("MarkClaim.pdf", PDF.content)
    made = actions.claim(KEY, Said(41, date(2024, 8, 31), note="said"), waiting, by=viewer_of(users["Officer"]))
    compute_now()
    light_actions.report_light(TARGET, "green", "MarkReported", by=viewer_of(users["ChainOffice"]))
    rated = rate(
        TARGET, Confidence("probable", "MarkRated", date(2024, 9, 20)), by=viewer_of(users["Auditor"]), evidence=PDF
    )
    return {
        "indicator": (KEY,),
        "claim": (made.pk,),
        "led target": (TARGET,),
        "reported target": (TARGET,),
        "rating": (rated.pk,),
        "divergence": (Divergence.objects.get(closed_on=None).pk,),
    }
