"""What the demo's enterprises asked of the district's services, and its offices' rules and ledgers in hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases
from liandesk.demo.playing import do, organisation_of, prove


def ask_of_the_district(people: Mapping[str, User]) -> int:
    """Open the cases once, as the people who would; return how many are new."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    if cases(office).filter(process="access_review").exists():
        return 0
    before = cases(office).count()
    _access_review(officer)
    _five_reductions(officer)
    owner, hospital = viewer_of(people["Enterprise"]), viewer_of(people["Hospital"])
    if organisation_of(owner) and organisation_of(hospital):
        _land(owner, office)
        _barrier(owner, office, officer)
        _tolerance(owner, office)
        _booking(owner, hospital, office)
        _pilot(owner, office)
        _campaign(owner, office)
    return cases(office).count() - before


def _day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def _open(by: Viewer, process: str, title: str, party: tuple[str, str, str], **data: Any) -> Case:
    return open_case(NewCase(process, title, [party], data, is_synthetic=True), by=by)


def _access_review(officer: Viewer) -> None:
    """A rule that the officer's bureau drafts is open for views."""
    said = {
        "rule_title": "第三方医学检验机构进入区内采购的备案要求（草案）",
        "restricts": "要求外地机构先行备案。",
        "necessity": "便于质量追溯；已比较事后抽查的办法。",
    }
    case = _open(officer, "access_review", said["rule_title"], ("drafter", "office", officers_office(pack())), **said)
    do(case, officer, "ask_views", views_until=_day(14))


def _five_reductions(officer: Viewer) -> None:
    """The bureau hands in its month; what it does not know of rent and interest stays empty."""
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    party = ("office", "office", officers_office(pack()))
    case = _open(officer, "five_reductions", f"{month:%Y年%m月}五减台账", party, month_start=month.isoformat())
    sums = {"tax_cny": 0.0, "fees_cny": 1_260_000.0, "enterprises": 84.0, "sums_source": "收费减免明细"}
    do(prove(case, officer, "tables", "减免明细表"), officer, "submit", **sums)


def _land(owner: Viewer, office: Viewer) -> None:
    said = {"project": "制剂车间扩建，二层厂房。", "area_mu": 20.0, "investment_cny": 120_000_000.0}
    case = _open(owner, "land_supply", "制剂车间用地", ("applicant", "organisation", organisation_of(owner)), **said)
    do(case, office, "take_up", supplying_office="resources")


def _barrier(owner: Viewer, office: Viewer, officer: Viewer) -> None:
    """A barrier is confirmed, and its bureau has said by when it will be gone."""
    said = {"sort": "operation", "what": "线上问诊设备须逐家机构重复检测。", "harm": "新设备上线推迟数月。"}
    case = _open(owner, "barrier", "设备重复检测", ("reporter", "organisation", organisation_of(owner)), **said)
    case = do(case, office, "confirm", owner_office=officers_office(pack()), finding="情况属实，属本区做法。")
    do(case, officer, "plan_removal", removal_text="检测结果在区内互认。", remove_by=_day(45))


def _tolerance(owner: Viewer, office: Viewer) -> None:
    said = {
        "model": "以数据模型代替部分出厂复检。",
        "obstacle": "现行抽检频次未考虑连续监测。",
        "safeguards": "保留全部留样，异常即恢复原频次。",
    }
    case = _open(owner, "tolerance", "连续监测代替复检", ("applicant", "organisation", organisation_of(owner)), **said)
    do(case, office, "take_up", watching_office=officers_office(pack()))


def _booking(owner: Viewer, hospital: Viewer, office: Viewer) -> None:
    """The hospital's bank is booked; the approval of the ethics committee was seen."""
    said = {"resource": "biobank", "purpose": "肿瘤组织样本五十例，用于伴随诊断验证。", "wanted_from": _day(20)}
    case = _open(owner, "resource_booking", "肿瘤样本五十例", ("user", "organisation", organisation_of(owner)), **said)
    keeper = organisation_of(hospital)
    case = do(case, office, "ask_keeper", keeping_organisation=keeper, has_human_samples="yes")
    case = prove(case, hospital, "ethics", "伦理审查批件")
    do(case, hospital, "book_with_ethics", samples_from=_day(20), samples_until=_day(50))


def _pilot(owner: Viewer, office: Viewer) -> None:
    """The gate is passed; somebody else has to review the effect on competition."""
    said = {"product": "输注监测仪", "price_cny": 36_000.0, "benefit": "减少夜间巡视，报警可追溯。"}
    case = _open(owner, "product_pilot", "输注监测仪试用", ("producer", "organisation", organisation_of(owner)), **said)
    gate = {"is_eligible": "yes", "price_is_fair": "yes", "ip_is_own": "yes", "price_compared_with": "同类三家中标价"}
    do(prove(case, owner, "licence", "注册证与专利证书"), office, "pass_gate", **gate)


def _campaign(owner: Viewer, office: Viewer) -> None:
    """The window is entered with a made-up notice; the enterprise prepares its papers."""
    said = {"title_kind": "first_of_kind", "product": "连续流反应装备"}
    case = _open(owner, "brand_campaign", "首台套申报", ("applicant", "organisation", organisation_of(owner)), **said)
    window = {"window_opens": _day(-5), "window_closes": _day(25), "window_source": "演示用通知（虚构）"}
    do(case, office, "open_window", **window)
