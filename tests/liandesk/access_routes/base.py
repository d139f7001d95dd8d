"""The frame, accounts, definitions, cases and work around them, runs."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.liandesk.access_routes.asks import ACCOUNT, ANYBODY, COPIES, Asks, Route, does, reads

from liandesk.base.accounts.policies import LOG
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.jobs.policies import RUN
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.migration_policies import MIGRATION
from liandesk.base.work.policies import CASE

FRAME = {
    "home": Route(get=ACCOUNT),
    "search": Route(get=ACCOUNT, queries=("", "q=Mark", "q=MarkName", "q=MarkItem")),
    "about": Route(get=ANYBODY),
    "healthz": Route(get=ANYBODY),
    "display": Route(post=ANYBODY),
    "set_language": Route(get=ANYBODY, post=ANYBODY),
    "audit": reads(LOG),
    "saved_view_save": Route(post=ACCOUNT, more=(("cases",),), form={"name": "said"}),
    "saved_view_delete": Route(post=ACCOUNT, more=((1,),)),
    "api:openapi-json": Route(get=ANYBODY),
    "api:api-root": Route(),
    "api:search": Route(get=ACCOUNT, queries=("", "q=Mark", "q=MarkName", "q=MarkItem")),
}

ACCOUNTS = {
    "sign_in": Route(get=ANYBODY, post=ANYBODY, seen=("link",)),
    "me": Route(get=ACCOUNT),
    "make_token": Route(post=ACCOUNT),
    "revoke_token": Route(post=ACCOUNT, seen=("token",)),
    "end_sessions": Route(post=ACCOUNT),
    "account_login": Route(get=ANYBODY, post=ANYBODY),
    "account_logout": Route(get=ANYBODY, post=ANYBODY),
    "account_inactive": Route(get=ANYBODY),
    "account_reauthenticate": Route(get=ACCOUNT, post=ACCOUNT),
    "account_change_password": Route(get=ACCOUNT, post=ACCOUNT),
    "account_set_password": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_index": Route(get=ACCOUNT),
    "mfa_authenticate": Route(get=ANYBODY, post=ANYBODY),
    "mfa_reauthenticate": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_activate_totp": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_deactivate_totp": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_view_recovery_codes": Route(get=ACCOUNT),
    "mfa_generate_recovery_codes": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_download_recovery_codes": Route(get=ACCOUNT),
    "api:me": Route(get=ACCOUNT),
}

_TEXT = {"text": "a: [", "effective_from": "2024-09-30"}

DEFINITIONS = {
    "definitions": reads(DEFINITION),
    "definition": reads(DEFINITION, "definition", queries=("", "version=2")),
    "definition_export": reads(DEFINITION, "definition", more=((1,),)),
    "definition_propose": Route(
        get=Asks(DEFINITION, "propose"), post=Asks(DEFINITION, "propose"), seen=("definition",), form=_TEXT
    ),
    "definition_publish": does(DEFINITION, "publish", "proposal"),
    "definition_withdraw": does(DEFINITION, "publish", "proposal"),
    "api:definitions": reads(DEFINITION),
    "api:definition": reads(DEFINITION, "definition"),
}

_PROOF = SimpleUploadedFile("said.pdf", b"%PDF-1.7", "application/pdf")
_NEW_CASE = {"title": "said", "lead_place": "office:market", "task": "said", "due": "2024-10-31"}
_CASE = Route(get=Asks(CASE), seen=("case",))

CASES = {
    "case_migration": Route(get=Asks(MIGRATION), post=Asks(MIGRATION, "apply"), seen=("map",)),
    "cases": Route(get=Asks(CASE, lists_nothing=True), queries=("", "show=open&process=instruction", "show=ended")),
    "cases_export": Route(get=Asks(CASE, lists_nothing=True), queries=("show=open",), more=COPIES),
    "case_board": Route(get=Asks(CASE, lists_nothing=True), more=(("instruction",),)),
    "case": _CASE,
    "case_new": Route(get=Asks(CASE, "open"), post=Asks(CASE, "open"), more=(("enterprise_request",),), form=_NEW_CASE),
    "case_do": does(CASE, "read", "case", more=(("sign_for",),), form={"seen": "99"}),
    "case_answer": does(CASE, "read", "case", more=(("close",),), form={"seen": "99", "answer": "approve"}),
    "case_prove": does(CASE, "read", "case", form={"seen": "99"}),
    "case_start": Route(get=Asks(CASE, "open")),
    "case_fill": does(CASE, "read", "case", form={"seen": "99"}),
    "case_pause": does(CASE, "read", "case", form={"seen": "99"}),
    "case_resume": does(CASE, "read", "case", form={"seen": "99"}),
    "case_assign": does(CASE, "read", "case", more=(("lead",),), form={"seen": "99"}),
    "case_correct": Route(get=Asks(CASE), post=Asks(CASE), seen=("case",), more=((1,),), form={"seen": "99"}),
    "case_evidence": Route(get=Asks(CASE), seen=("case",), more=((3,),)),
    "challenges": reads(CHALLENGE),
    "challenge": reads(CHALLENGE, "challenge"),
    "case_import": Route(
        get=Asks(CASE, "open"), post=Asks(CASE, "open"), more=(("instruction",),), form={"token": "none"}
    ),
    "case_sheets": Route(get=Asks(CASE, "open"), more=(("instruction",),)),
    "api:cases": Route(get=Asks(CASE, lists_nothing=True), queries=("", "show=open", "process=instruction")),
    "api:case": reads(CASE, "case"),
    "api:case_new": Route(post=Asks(CASE, "open"), form={"process": "none", "title": "said"}),
    "api:case_act": does(CASE, "read", "case", form={"kind": "do", "seen": 99, "name": "sign_for"}),
    "api:case_prove": does(CASE, "read", "case", form={"seen": 99, "name": "result", "title": "said", "file": _PROOF}),
    "api:case_evidence": Route(get=Asks(CASE), seen=("case",), more=((3,),)),
}

_OWN_COMMENT = Asks(CASE, whose="ChainOffice")
_CHASES = Asks(CASE, "chase")
_SAYS = {"text": "said"}

TEAMWORK = {
    "case_comment": does(CASE, "read", "case", form=_SAYS),
    "comment_reword": Route(get=_OWN_COMMENT, post=_OWN_COMMENT, seen=("comment",), form=_SAYS),
    "comment_withdraw": Route(post=_OWN_COMMENT, seen=("comment",)),
    "case_watch": does(CASE, "read", "case"),
    "case_seen": does(CASE, "read", "case"),
    "case_task": does(CASE, "read", "case", form={"title": "said"}),
    "task_tick": does(CASE, "read", "task", form={"done": "yes"}),
    "chase_one": Route(post=_CHASES, seen=("case",)),
    "chase_many": Route(get=_CHASES, post=_CHASES, form={"case": "1"}),
    "case_sheet": Route(get=Asks(CASE), seen=("case",)),
    "case_name": Route(post=Asks(CASE, whose="ChainOffice"), seen=("restricted",), form={"account": "Expert"}),
    "case_unname": Route(post=Asks(CASE, whose="ChainOffice"), seen=("named",)),
    "digest": Route(get=ACCOUNT),
    "samples": Route(get=Asks(SAMPLE), post=Asks(SAMPLE, "draw")),
    "sample": reads(SAMPLE, "sample"),
    "sample_export": reads(SAMPLE, "sample", more=COPIES),
    "sample_frame": reads(SAMPLE, "sample", more=COPIES),
    "sample_judge": does(SAMPLE, "draw", "piece", form={"answer": "yes"}),
    "sample_file": reads(SAMPLE, "piece"),
    "calendar": Route(get=ACCOUNT, post=ACCOUNT),
    "calendar_feed": Route(get=ANYBODY, seen=("calendar",)),
    "absence": Route(get=ACCOUNT, post=ACCOUNT),
    "absence_end": Route(post=ACCOUNT, seen=("absence",)),
}

RUNS = {
    "runs": reads(RUN),
    "run": reads(RUN, "run", "failed run"),
    "run_start": does(RUN, "start"),
    "run_cancel": does(RUN, "cancel", "run"),
    "api:runs": reads(RUN),
    "api:run_start": does(RUN, "start"),
    "api:run": reads(RUN, "run", "failed run"),
}

ROUTES = FRAME | ACCOUNTS | DEFINITIONS | CASES | TEAMWORK | RUNS
