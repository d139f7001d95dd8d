"""What the enterprises of the demo asked for at the service windows: of every service a case, in different stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases
from liandesk.demo.playing import do, organisation_of, prove


def ask_for_services(people: Mapping[str, User]) -> int:
    """Open the cases once, as the people who would; return how many are new."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    owners = [viewer_of(people[name]) for name in ("Enterprise", "OtherEnterprise")]
    if cases(office).filter(process="talent_service").exists() or not all(map(organisation_of, owners)):
        return 0
    before = cases(office).count()
    _licence(owners[0], office)
    _sale_of_a_certificate(owners[1], office, officer)
    _filing(owners[0], office, officer)
    _goods(owners[0], office, officer)
    _coaching(owners[1])
    _pledge(owners[1], office, officer)
    _talent(owners, office, officer)
    return cases(office).count() - before


def _ask(owner: Viewer, process: str, title: str, role: str, **data: Any) -> Case:
    """Open a case for the owner's organisation in a role."""
    parties = [(role, "organisation", organisation_of(owner))]
    return open_case(NewCase(process, title, parties, data, is_synthetic=True), by=owner)


def _take_up(case: Case, office: Viewer) -> Case:
    return do(case, office, "take_up", handling_office=officers_office(pack()))


def _licence(owner: Viewer, office: Viewer) -> None:
    """A licence is to come into the district; its supplementary application is under review."""
    said = {"deal": "licence_in", "drug": "注射用示例单抗", "matter": "受让许可后在本区生产，希望协调补充申请资料。"}
    case = _ask(owner, "licence_transfer", "受让示例单抗上市许可", "applicant", **said)
    case = _take_up(case, office)
    case = prove(case, owner, "quality_agreement", "质量协议")
    case = prove(case, owner, "acceptance_notice", "受理通知书")
    do(case, owner, "apply_plainly")


def _sale_of_a_certificate(owner: Viewer, office: Viewer, officer: Viewer) -> None:
    """A certificate is to be sold: the officer asks for a pilot, which is a case of its own."""
    said = {"wanted": "certificate_sale", "device_class": "class_2", "device": "示例检测仪"}
    matter = "拟将注册证转让给集团内企业生产。"
    case = _ask(owner, "device_contract_production", "示例检测仪注册证转让", "registrant", **said, matter=matter)
    asked = {
        "pilot_title": "争取医疗器械注册证转让试点",
        "pilot_level": "province",
        "pilot_sort": "pilot",
        "pilot_addressee": "省级主管部门",
        "pilot_ask": "支持本区开展第二类医疗器械注册证转让试点。",
        "pilot_grounds": "区内企业有转让需求，现行规定未作安排。",
    }
    do(_take_up(case, office), officer, "ask_pilot", **asked)


def _filing(owner: Viewer, office: Viewer, officer: Viewer) -> None:
    """A drug is being advised on; its maker has asked for priority review."""
    said = {"product_kind": "biological", "product": "示例双抗", "matter": "拟申请优先审评，希望辅导资料准备。"}
    case = _take_up(_ask(owner, "filing_help", "示例双抗上市申报", "applicant", **said), office)
    case = do(case, officer, "advise", advice="先补充与现有治疗的对比数据，再提交优先审评申请。")
    do(case, owner, "ask_channel", channel="priority")


def _goods(owner: Viewer, office: Viewer, officer: Viewer) -> None:
    """Cells are to be brought in; the quarantine permit is awaited."""
    said = {"direction": "into", "goods_kind": "biological", "goods": "细胞株 2 支", "human_genetic": "no"}
    case = _ask(owner, "special_goods", "进口细胞株", "applicant", **said, purpose="工艺开发，不用于人体。")
    do(_take_up(case, office), officer, "ask_quarantine_permit", plain_risk_note="低风险，资料齐全。")


def _coaching(owner: Viewer) -> None:
    """An enterprise has begun its share reform."""
    said = {"aim": "科创板", "hindrances": "历史沿革确认需多部门出具证明。"}
    case = _ask(owner, "listing_coaching", "上市培育", "enterprise", **said)
    case = prove(case, owner, "advisers", "中介机构协议")
    do(case, owner, "begin_reform")


def _pledge(owner: Viewer, office: Viewer, officer: Viewer) -> None:
    """A pledge of patents is being registered."""
    said = {"way": "pledge", "amount_cny": 8_000_000.0, "months": 12.0, "purpose": "新品临床用药生产。"}
    case = _take_up(_ask(owner, "finance_need", "专利质押融资", "applicant", **said), office)
    case = do(case, officer, "introduce", financier="某商业银行")
    do(prove(case, owner, "contract", "质押合同"), owner, "ask_pledge")


def _talent(owners: list[Viewer], office: Viewer, officer: Viewer) -> None:
    """One question is settled, another waits to be taken up."""
    said = {"topic": "housing", "persons": 3.0, "matter": "三名引进工程师需租住人才公寓。"}
    case = _take_up(_ask(owners[0], "talent_service", "工程师人才公寓", "employer", **said), office)
    case = do(case, officer, "answer", answer_text="已安排三套，下周可签约入住。")
    do(case, owners[0], "confirm", "in_full")
    _ask(owners[1], "talent_service", "职称评审咨询", "employer", topic="title_review", matter="咨询今年申报时间。")
