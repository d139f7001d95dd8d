"""A text of a plan in words of our own, sent and read, whose words are marked."""

from __future__ import annotations

from datetime import date

from liandesk.base.accounts.roles import system_viewer
from liandesk.steer.texts import actions
from liandesk.steer.texts.models import PlanText
from liandesk.steer.texts.parses import parse
from liandesk.steer.texts.reviews import Review, review_of

BY = system_viewer("test")
TEXT = """三、主要任务
工程2 示范企业上市工程
1.实施目标：
到2025年，全区本产业上市公司累计达到8家以上。
2.实施重点：
（1）建立拟上市企业名单，逐家辅导，帮助解决用地与用能。
（2）与各类资本市场建立联系，每年组织两次对接活动。
3.责任单位：
发改局、经科局。
四、保障措施
（一）加强组织领导。成立工作专班，定期会商，协调解决难题。
"""
PLAN = {"plan": "sample", "title": "示例规划"}


def sent(text: str = TEXT, name: str = "plan.txt", **more: object) -> PlanText:
    """Send a text and read it, as the worker would."""
    period = (date(2021, 1, 1), date(2025, 12, 31))
    said = {**PLAN, "period": period, **more}
    made = actions.send(by=BY, name=name, content=text.encode(), **said)  # type: ignore[arg-type]
    parse(made)
    made.refresh_from_db()
    return made


def key_of(review: Review, kind: str, place: int = 0) -> str:
    """Return the key of what was found, by its kind and place."""
    return [one.key for one in review.found if one.row["kind"] == kind][place]


MARKS = ("MarkPlanText", "MarkPlanFile", "MarkPlanTitle", "MarkPlanOrphan")


def marked_text() -> dict[str, tuple[object, ...]]:
    """Send a text whose name and words are marked, one decision of which has lost its place."""
    found = sent(TEXT + "MarkPlanText", name="MarkPlanFile.txt", plan="marked", title="MarkPlanTitle")
    target = key_of(review_of(found), "target")
    held = actions.correct(found.pk, key_of(review_of(found), "unit"), {"office": "finance"}, by=BY, version=0)
    held.words = "MarkPlanOrphan"
    held.save()
    return {
        "plan text": (found.pk,),
        "found": (found.pk, target),
        "orphan": (found.pk, held.pk),
        "drafted plan": ("marked",),
    }
