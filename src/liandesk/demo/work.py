"""What the people of the demo's district have in hand: of every process a case or two, in different stages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from liandesk.assess.lists.life import case_of
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.challenges import SUBJECT
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases
from liandesk.demo.playing import agree, do, prove


def put_in_hand(people: Mapping[str, User]) -> int:
    """Open the cases once, as the people who would; return how many there are."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    if cases(office).filter(process="enterprise_request").exists():
        return 0
    owners = [viewer_of(people[name]) for name in ("Enterprise", "OtherEnterprise")]
    if all(map(_organisation, owners)):
        _requests(owners, office, officer)
        _correction(owners[0])
        _objection(owners[1])
        _challenge(owners, office, officer)
    _letter(officer)
    _meeting(office)
    _entries_in_hand(office, officer)
    return cases(office).count()


def _organisation(owner: Viewer) -> str:
    return min(owner.scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION), default="")


def _day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def _open(by: Viewer, process: str, title: str, roles: Mapping[str, str], data: Mapping[str, Any], **more: Any) -> Case:
    """Open one case; ``roles`` name each holder as ``kind:id``."""
    held = ((role, holder.partition(":")) for role, holder in roles.items())
    parties = [(role, kind, scope_id) for role, (kind, _colon, scope_id) in held]
    return open_case(NewCase(process, title, parties, data, is_synthetic=True, **more), by=by)


def _requests(owners: list[Viewer], office: Viewer, officer: Viewer) -> None:
    """One request is answered and waits for the enterprise, one waits to be taken up."""
    first, second = ({"applicant": f"organisation:{_organisation(owner)}"} for owner in owners)
    asked = {"topic": "supply", "matter": "进口填料交期延长到九个月，希望帮助对接国内供应商并协调验证。"}
    case = _open(owners[0], "enterprise_request", "进口填料交期过长", first, asked)
    case = do(case, office, "accept")
    case = do(case, office, "assign_office", handling_office=officers_office(pack()), answer_by=_day(10))
    do(
        case,
        officer,
        "answer",
        answer_kind="partly",
        answer_text="已对接两家国内供应商，样品十月送达，验证由检测平台承担。",
    )
    asked = {"topic": "energy", "matter": "新车间用电增容申请已提交一个月，希望协调加快。"}
    _open(owners[1], "enterprise_request", "新车间用电增容", second, asked)


def _correction(owner: Viewer) -> None:
    said = {"attribute": "main_products", "value": "单抗注射液、疫苗", "why": "去年起已投产疫苗，画像中只有单抗。"}
    parties = {"applicant": f"organisation:{_organisation(owner)}"}
    _open(owner, "data_correction", "更正主要产品", parties, said)


def _objection(owner: Viewer) -> None:
    """The other enterprise objects to how one of its own needs is assessed on the list."""
    entry = entries(owner).exclude(organisation="").order_by("position").first()
    if entry is None:
        return
    said = {"against": f"“{entry.item_name}”条目的评估结果", "objection_grounds": "今年已有第二家供应商并完成验证。"}
    parties = {"objector": f"organisation:{_organisation(owner)}"}
    _open(owner, "objection", f"对“{entry.item_name}”条目的异议", parties, said, subject=("entry", entry.key))


def _challenge(owners: list[Viewer], office: Viewer, officer: Viewer) -> None:
    """A challenge is published; one enterprise has bid for the need of the other."""
    roles = {"proposer": f"organisation:{_organisation(owners[0])}", "organiser": f"office:{officers_office(pack())}"}
    data = {"problem": "亲和层析填料依赖单一进口来源。", "budget_cny": 3_000_000.0}
    case = _open(owners[0], "challenge", "亲和层析填料国产化", roles, data)
    refined = {
        "refined_problem": "研制可替代的亲和层析填料并完成工艺验证。",
        "targets": "动态载量不低于现用产品；连续使用一百次。",
    }
    case = do(case, officer, "refine", **refined)
    case = do(case, officer, "publish", bids_until=_day(45))
    case = agree(case, office, "publish")
    bidder = {"bidder": f"organisation:{_organisation(owners[1])}", "organiser": roles["organiser"]}
    bid = {"approach": "以高交联琼脂糖为基质，偶联耐碱配基。", "asked_cny": 2_600_000.0, "months": 18.0}
    _open(owners[1], "challenge_bid", "亲和层析填料国产化揭榜", bidder, bid, subject=(SUBJECT, str(case.pk)))


def _letter(officer: Viewer) -> None:
    """A letter to the province is drafted and waits for the second person."""
    said = {
        "level": "province",
        "sort": "platform",
        "addressee": "省级主管部门",
        "ask": "支持在本区布局关键原辅料验证平台。",
        "grounds": "清单内多数条目卡在国产替代的验证环节。",
    }
    case = _open(officer, "upward_request", "争取布局验证平台", {"drafter": f"office:{officers_office(pack())}"}, said)
    do(prove(case, officer, "letter", "请示稿"), officer, "submit")


def _meeting(office: Viewer) -> None:
    """A meeting was held; one of its decisions is an instruction already."""
    host = f"office:{pack().chain_office}"
    said = {"topic": "关键填料保供会商", "items": "第二来源验证进度\n储备方案"}
    case = _open(
        office,
        "joint_planning",
        "关键填料保供会商",
        {"host": host, "member": f"office:{officers_office(pack())}"},
        said,
    )
    case = do(case, office, "call", called_for=_day(0), final_items="第二来源验证进度\n储备方案")
    case = prove(case, office, "minutes", "会议纪要")
    case = do(case, office, "hold", conclusions="先完成两家国内供应商的样品验证，再定储备量。")
    decided = {"decision": "完成两家国内供应商样品验证", "decision_office": officers_office(pack())}
    do(case, office, "decide", **decided, decision_due=_day(60))


def _entries_in_hand(office: Viewer, officer: Viewer) -> None:
    """Of the officer's entries one is taken up, the next has a measure that waits for the chain office."""
    led = entries(officer).filter(owner_office=officers_office(pack()))  # it sees those that it helps with, too
    own = led.filter(state=EntryState.ADMITTED).order_by("position")[:2]
    measure = {"measure": "验证第二来源并备足三个月用量", "effective_from": _day(30)}
    for place, entry in enumerate(own):
        case = _taken_up(entry, officer)
        if case and place:
            do(case, officer, "agree", **measure)


def _taken_up(entry: ListEntry, officer: Viewer) -> Case | None:
    case = case_of(entry)
    return do(case, officer, "take_up") if case else None
