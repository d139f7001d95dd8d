"""What happened in the demo's district before a visitor comes: made by the same actions a person would use.

Each part looks whether it happened already, so a second start changes nothing and what was entered is kept.
"""

from __future__ import annotations

from datetime import timedelta

from liandesk.assess.lists.actions import admit_many, default_owner
from liandesk.assess.lists.edition_actions import prepare_edition, sign_edition
from liandesk.assess.lists.edition_queries import editions
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.actions import make_cast, make_sign_in_link
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.queries import cases
from liandesk.know.registry.queries import organisations

ADMITTED = 24
"""How many entries the chain office has admitted: within what a leader signs."""


def make_people(*, by: Viewer) -> dict[str, User]:
    """Make the cast; the enterprises and hospitals stand for organisations of the loaded district."""
    return make_cast(by=by, organisations=_their_organisations(by))


def _their_organisations(by: Viewer) -> dict[str, str]:
    first, second = (town.code for town in pack().towns[:2])
    affected = entries(by).exclude(organisation="").order_by("position").values_list("organisation", "town")
    hospitals = organisations(by, kind="hospital").order_by("id").values_list("id", flat=True)
    found = {
        "Enterprise": next((org for org, town in affected if town == first), None),
        "OtherEnterprise": next((org for org, town in affected if town == second), None),
        **dict(zip(("Hospital", "OtherHospital"), hospitals, strict=False)),
    }
    return {name: identifier for name, identifier in found.items() if identifier}


def judge_entries(people: dict[str, User]) -> int:
    """Let the chain office admit the top of the list, half items and half inputs; some are due soon, one is overdue."""
    office = viewer_of(people["ChainOffice"])
    if entries(office).exclude(state=EntryState.PROPOSED).exists():
        return 0
    top = [*_top(office, "item", ADMITTED // 2), *_top(office, "input", ADMITTED - ADMITTED // 2)]
    for place, entry in enumerate(top):
        due = today() + timedelta(days=7 * place - 3)
        admit_many({entry.key: entry.version}, by=office, owner_office=default_owner(entry), due_date=due)
    return len(top)


def _top(office: Viewer, scope: str, count: int) -> list[ListEntry]:
    return list(entries(office).filter(scope=scope).order_by("position")[:count])


def sign_first_edition(people: dict[str, User]) -> bool:
    """Let the chain office prepare the first edition and the chain chief sign it."""
    office, chief = viewer_of(people["ChainOffice"]), viewer_of(people["ChainChief"])
    if editions(office).exists() or not entries(office).filter(state=EntryState.ADMITTED).exists():
        return False
    title = f"{pack().name['zh']}断链断供风险清单"
    draft = prepare_edition(by=office, title=title, classification="internal")
    sign_edition(draft.pk, by=chief)
    return True


def open_instruction(people: dict[str, User]) -> bool:
    """Let the chain office instruct the office that answers for the gravest entry; it has signed for it."""
    office = viewer_of(people["ChainOffice"])
    gravest = entries(office).filter(state=EntryState.ADMITTED, scope="item").order_by("position").first()
    if gravest is None or cases(office).filter(process="instruction").exists():
        return False
    parties = [("issuer", "office", pack().chain_office), ("lead", "office", officers_office(pack()))]
    due = (today() + timedelta(days=30)).isoformat()
    asked = {"task": f"提出“{gravest.item_name}”的备份供应方案", "source": "产业链月度例会", "due": due}
    subject = ("entry", gravest.key)
    new = NewCase("instruction", f"{gravest.item_name}备份供应", parties, asked, subject, is_synthetic=True)
    case = open_case(new, by=office)
    act(case.pk, Step("do", case.events_count, "sign_for"), by=viewer_of(people["Officer"]))
    return True


def sign_in_links(people: dict[str, User], *, by: Viewer) -> dict[str, str]:
    """Return a fresh one-time link for everybody of the cast."""
    return {name: make_sign_in_link(user, by=by, hours=12) for name, user in people.items()}
