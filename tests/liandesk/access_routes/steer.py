"""Texts of plans, the plan, indicators and lights, tasks of the year, appraisal, reports, exceptions."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.liandesk.access_routes.asks import COPIES, Asks, Route, does, reads

from liandesk.steer.appraisal.policies import APPRAISAL, FORMULA, UNIT
from liandesk.steer.cockpit.policies import COCKPIT
from liandesk.steer.indicators.policies import CLAIM, INDICATOR, JUMP, LIGHT, RATING
from liandesk.steer.plan.policies import PLAN
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.supervision.policies import EVALUATION, TASK_SHEET
from liandesk.steer.texts.policies import PLAN_TEXT

_REVIEWS = Asks(PLAN_TEXT, "review")
_DECIDES = {"do": "accept", "version": "99", "into": "none"}

PLAN_TEXTS = {
    "plan_texts": reads(PLAN_TEXT),
    "plan_text_new": Route(get=_REVIEWS, post=_REVIEWS, form={"key": "said"}),
    "plan_text": reads(PLAN_TEXT, "plan text", queries=("", "show=open")),
    "plan_text_again": Route(post=_REVIEWS, seen=("plan text",)),
    "plan_text_changes": reads(PLAN_TEXT, "plan text"),
    "plan_text_found": reads(PLAN_TEXT, "plan text"),
    "plan_found": Route(get=_REVIEWS, post=_REVIEWS, seen=("found",), form={"kind": "said"}),
    "plan_found_decide": Route(post=_REVIEWS, seen=("found",), form=_DECIDES),
    "plan_found_join": Route(post=_REVIEWS, seen=("found",), form=_DECIDES),
    "plan_found_below": Route(post=_REVIEWS, seen=("found",)),
    "plan_orphan_drop": Route(post=_REVIEWS, seen=("orphan",)),
    "plan_draft": Route(get=Asks(PLAN_TEXT), post=_REVIEWS, seen=("drafted plan",), form={"text": "a: ["}),
    "api:plan_texts": reads(PLAN_TEXT),
    "api:plan_text_found": reads(PLAN_TEXT, "plan text"),
    "api:plan_found": Route(post=_REVIEWS, seen=("found",), form={"do": "accept", "version": 99}),
}

_PLAN_COPIES = (("csv",), ("xlsx",), ("docx",))

PLAN_ROUTES = {
    "plan": reads(PLAN),
    "plan_export": reads(PLAN, more=_PLAN_COPIES),
    "plan_programme": reads(PLAN, "programme"),
    "plan_target": reads(PLAN, "target"),
    "plan_measure": reads(PLAN, "measure"),
    "plan_office": reads(PLAN, "office"),
    "plan_coverage": Route(get=Asks(PLAN, "check")),
    "plan_coverage_export": Route(get=Asks(PLAN, "check"), more=_PLAN_COPIES),
    "api:the_plan": reads(PLAN),
    "api:plan_clauses": reads(PLAN),
    "api:plan_findings": Route(get=Asks(PLAN, "check")),
}

_CLAIMS, _REPORTS, _RATES = Asks(CLAIM, "claim"), Asks(LIGHT, "report"), Asks(INDICATOR, "rate")
_LIGHT = {"colour": "green", "reason": "said"}
_VALUE = {"value": 1, "on": "2024-01-31", "file": SimpleUploadedFile("said.txt", b"said", "text/plain")}

INDICATORS = {
    "indicators": reads(INDICATOR),
    "indicators_export": reads(INDICATOR, more=COPIES),
    "indicator_jumps": reads(JUMP),
    "indicator_jumps_export": reads(JUMP, more=COPIES),
    "indicator_sheet": Route(get=_CLAIMS),
    "indicator_import": Route(get=_CLAIMS, post=_CLAIMS),
    "indicator": reads(INDICATOR, "indicator"),
    "indicator_export": reads(INDICATOR, "indicator", more=COPIES),
    "indicator_claim": Route(get=_CLAIMS, post=_CLAIMS, seen=("indicator",), form={"value": "1"}),
    "indicator_facts": Route(get=Asks(INDICATOR), post=_CLAIMS, seen=("indicator",), form={"what": "fact"}),
    "claim_verify": does(CLAIM, "verify", "claim", form={"version": 99}),
    "claim_approve": does(CLAIM, "approve", "claim", form={"version": 99}),
    "claim_refuse": Route(get=Asks(CLAIM, "verify"), post=Asks(CLAIM, "verify"), seen=("claim",)),
    "claim_evidence": reads(CLAIM, "claim"),
    "target_light": reads(INDICATOR, "led target"),
    "target_report": Route(get=_REPORTS, post=_REPORTS, seen=("reported target",), form=_LIGHT),
    "target_rate": Route(get=_RATES, post=_RATES, seen=("target",), form={"grade": "said"}),
    "rating_evidence": reads(RATING, "rating"),
    "divergence_reply": Route(get=_REPORTS, post=_REPORTS, seen=("divergence",)),
    "api:indicators": reads(INDICATOR),
    "api:indicator_values": reads(INDICATOR, "indicator"),
    "api:indicator_claim": Route(post=_CLAIMS, seen=("indicator",), form=_VALUE),
    "api:claim_step": does(CLAIM, "verify", "claim", more=(("verify",),), form={"version": 99}),
    "api:target_lights": reads(INDICATOR),
    "api:target_report": Route(post=_REPORTS, seen=("reported target",), form=_LIGHT),
    "api:target_ratings": reads(INDICATOR, "led target"),
    "api:target_rate": Route(post=_RATES, seen=("target",), form={"grade": "said", "note": "said"}),
}

_DRAFTS, _TELLS, _JUDGES_PLAN = Asks(TASK_SHEET, "draft"), Asks(TASK_SHEET, "report"), Asks(EVALUATION, "judge")
_REPORT = {"period": "2024Q3", "action": "said", "completion": "said", "seen": 99}

SUPERVISION = {
    "task_sheets": Route(get=Asks(TASK_SHEET), post=_DRAFTS, form={"year": "said"}),
    "task_sheet": reads(TASK_SHEET, "sheet"),
    "task_sheet_export": reads(TASK_SHEET, "sheet", more=COPIES),
    "task_row": reads(TASK_SHEET, "task row"),
    "task_row_change": Route(get=_DRAFTS, post=_DRAFTS, seen=("task row",), form={"version": "99"}),
    "task_row_comment": does(TASK_SHEET, "comment", "task row", form={"text": "said"}),
    "task_comment_answer": does(TASK_SHEET, "draft", "row comment", form={"text": "said"}),
    "task_reports_sheet": Route(get=_TELLS),
    "task_reports_import": Route(get=_TELLS, post=_TELLS),
    "evaluation": reads(EVALUATION, more=(("midterm",), ("final",))),
    "evaluation_judge": Route(get=Asks(EVALUATION), post=_JUDGES_PLAN, seen=("judged",), form={"grade": "said"}),
    "plan_seal": Route(get=Asks(EVALUATION), post=_JUDGES_PLAN),
    "plan_next": Route(post=_JUDGES_PLAN),
    "api:task_sheets": reads(TASK_SHEET),
    "api:task_sheet": reads(TASK_SHEET, "sheet"),
    "api:task_report": does(TASK_SHEET, "report", "task row", form=_REPORT),
}

_FREEZES, _GIVES = Asks(FORMULA, "freeze"), Asks(APPRAISAL, "give")
_APPRAISED = ("appraised One", "appraised Two")

APPRAISALS = {
    "appraisals": Route(get=Asks(FORMULA), post=_FREEZES, form={"year": "said"}),
    "appraisal": reads(APPRAISAL, "appraisal", queries=("", "result=0", "result=1")),
    "appraisal_publish": does(APPRAISAL, "publish", "appraisal", form={"version": 99, "reason": "said"}),
    "appraisal_export": reads(APPRAISAL, "appraisal", more=(("xlsx",), ("docx",))),
    "appraisal_formula": Route(
        get=Asks(FORMULA), post=_FREEZES, seen=("appraisal",), form={"version": 99, "reason": "said"}
    ),
    "appraisal_sheet": Route(get=_GIVES, seen=("appraisal",)),
    "appraisal_import": Route(get=_GIVES, post=_GIVES, seen=("appraisal",)),
    "appraisal_draw": Route(get=_GIVES, post=_GIVES, seen=("appraisal",), form={"seen": "said"}),
    "appraisal_unit": reads(UNIT, *_APPRAISED),
    "appraisal_unit_export": reads(UNIT, *_APPRAISED, more=(("xlsx",), ("docx",))),
    "api:appraisals": reads(FORMULA),
    "api:appraisal": reads(APPRAISAL, "appraisal"),
    "api:appraisal_unit": reads(UNIT, *_APPRAISED),
}

_ORDERS = Asks(REPORT, "order")
_BUNDLE = SimpleUploadedFile("report.zip", b"none", "application/zip")

REPORTS = {
    "reports": Route(get=Asks(REPORT), post=_ORDERS, form={"kind": "said"}),
    "report": reads(REPORT, "report"),
    "report_file": reads(REPORT, "report", more=(("docx",), ("pdf",), ("xlsx",), ("zip",))),
    "report_verify": does(REPORT, "read", "report"),
    "report_check": Route(get=Asks(REPORT), post=Asks(REPORT), form={"file": _BUNDLE}),
    "api:reports": reads(REPORT),
    "api:report_new": Route(post=_ORDERS, form={"kind": "annual"}),
    "api:report": reads(REPORT, "report"),
    "api:report_numbers": reads(REPORT, "report"),
}

COCKPIT_ROUTES = {
    "cockpit": reads(COCKPIT, queries=("", "since=2024-09-01")),
    "cockpit_sheet": reads(COCKPIT, queries=("", "since=2024-09-01")),
}

ROUTES = PLAN_TEXTS | PLAN_ROUTES | INDICATORS | SUPERVISION | APPRAISALS | REPORTS | COCKPIT_ROUTES
