"""A way through every shipped process to each of its ends, as the keys of the steps in their order."""

from __future__ import annotations

PATHS: dict[str, dict[str, str]] = {
    "instruction": {
        "closed": "sign_for feed_back ask_extension grant_extension ask_extension deny_extension report_done send_back"
        " hand_over sign_for report_done close",
        "cancelled": "cancel",
        "cancelled in hand": "sign_for cancel_later",
    },
    "enterprise_request": {
        "satisfied": "accept assign_office hand_back assign_office report_progress answer judge_good",
        "satisfied the second time": "accept assign_office answer judge_bad answer_once_more judge_good_again",
        "dissatisfied": "accept assign_office answer judge_bad answer_once_more judge_bad_again",
        "unrated": "accept assign_office answer close_unrated",
        "unrated the second time": "accept assign_office answer judge_bad answer_once_more close_unrated_again",
        "declined": "decline",
        "withdrawn": "withdraw",
        "withdrawn in hand": "accept assign_office withdraw_later",
    },
    "upward_request": {
        "granted": "submit send_back submit approve_text send follow_up record_granted",
        "partly": "submit approve_text send record_partly",
        "refused": "submit approve_text send record_refused",
        "dropped": "drop",
        "dropped after it was sent": "submit approve_text send drop_later",
    },
    "data_correction": {"corrected": "accept", "refused": "refuse", "withdrawn": "withdraw"},
    "challenge": {
        "accepted": "refine rework refine publish close_bids award sign_contract report_milestone pass_milestone"
        " report_finished ask_more report_finished accept",
        "failed": "refine publish close_bids award sign_contract report_milestone fail_milestone",
        "failed by breaking off": "refine publish close_bids award sign_contract break_off",
        "failed at acceptance": "refine publish close_bids award sign_contract report_finished not_accept",
        "without_bid": "refine publish end_without_bids",
        "without_bid that passed": "refine publish close_bids end_without_award",
        "without_bid that signed": "refine publish close_bids award end_without_contract",
        "declined": "decline",
    },
    "challenge_bid": {
        "won": "admit declare_a declare_b score_a score_b join_scores win",
        "lost": "admit declare_a:yes replace_a declare_a declare_b:yes replace_b declare_b score_a score_b"
        " join_scores lose",
        "not_admitted": "not_admit",
        "withdrawn": "withdraw",
        "withdrawn after the review": "admit declare_a declare_b score_a score_b join_scores withdraw_later",
    },
    "joint_planning": {
        "ended": "add_item call hold decide decide end",
        "cancelled": "cancel",
        "cancelled after it was called": "call cancel_later",
    },
    "objection": {
        "upheld": "uphold",
        "final": "reject let_rest",
        "final without an appeal": "reject end_without_appeal",
        "upheld_on_appeal": "reject appeal pass_on uphold_appeal",
        "final_on_appeal": "reject appeal pass_on reject_appeal",
        "inadmissible": "not_admit",
        "withdrawn": "withdraw",
    },
    "risk_entry": {
        "closed": "admit hand_on take_up hand_on_later take_up report_progress agree change_measure agree prove_effect"
        " send_back agree prove_effect close",
        "taken_off": "admit take_off_admitted",
        "taken_off in hand": "admit take_up take_off_in_hand",
        "taken_off when agreed": "admit take_up agree take_off_agreed",
        "taken_off when evidenced": "admit take_up agree prove_effect take_off_evidenced",
    },
    "incident": {
        "closed": "respond report_progress ease resume close",
        "closed after it was watched": "respond ease close_later",
        "dismissed": "dismiss",
    },
    "task_sheet": {
        "frozen": "send give_back collect send_again collect freeze",
        "dropped": "drop",
        "dropped after the comments": "send collect drop_returned",
    },
    "yearly_task": {"done": "report report_done send_back report_done accept", "cancelled": "cancel"},
    "policy_fulfilment": {
        "paid": "notify confirm publish list_for_payment return_to_check publish list_for_payment pay",
        "dropped": "drop_matched",
        "dropped by the enterprise": "notify decline",
        "dropped at the check": "notify confirm drop_confirmed",
        "dropped while published": "notify confirm publish drop_published",
    },
    "policy_appeal": {
        "upheld": "uphold",
        "rejected": "reject",
        "inadmissible": "not_admit",
        "withdrawn": "withdraw",
    },
    "policy_claim": {
        "granted": "examine examine_again examine grant",
        "rejected": "examine reject",
        "withdrawn": "withdraw",
    },
    "per_mu_objection": {
        "upheld": "uphold",
        "final": "reject let_rest",
        "final without an appeal": "reject end_without_appeal",
        "upheld_on_appeal": "reject appeal pass_on uphold_appeal",
        "final_on_appeal": "reject appeal pass_on reject_appeal",
        "withdrawn": "withdraw",
    },
    "investment_lead": {
        "kept": "answer report hand_over make_contact propose submit send_back submit pass_review sign:yes"
        " ask_guarantee register obtain_land get_permits start_building complete obtain_licence"
        " start_production reach_capacity keep",
        "kept in a lease": "answer make_contact propose submit pass_review sign:lease register sign_lease fit_out"
        " start_unlicensed reach_capacity keep",
        "exited": "answer make_contact propose submit pass_review sign register obtain_land get_permits"
        " start_building complete start_unlicensed exit_production",
        "exited after the audit": "answer make_contact propose submit pass_review sign register obtain_land get_permits"
        " start_building complete start_unlicensed reach_capacity exit_capacity",
        "lost": "lose_lead",
        "lost when answered": "answer lose_answered",
        "lost when negotiation": "answer make_contact lose_negotiation",
        "lost when proposed": "answer make_contact propose lose_proposed",
        "lost when review": "answer make_contact propose submit lose_review",
        "lost when cleared": "answer make_contact propose submit pass_review lose_cleared",
        "lost when signed": "answer make_contact propose submit pass_review sign lose_signed",
        "lost when registered": "answer make_contact propose submit pass_review sign register lose_registered",
        "lost when landed": "answer make_contact propose submit pass_review sign register obtain_land lose_landed",
        "lost when permitted": "answer make_contact propose submit pass_review sign register obtain_land get_permits"
        " lose_permitted",
        "lost when construction": "answer make_contact propose submit pass_review sign register obtain_land get_permits"
        " start_building lose_construction",
        "lost when completed": "answer make_contact propose submit pass_review sign register obtain_land get_permits"
        " start_building complete lose_completed",
        "lost when licensed": "answer make_contact propose submit pass_review sign:yes register obtain_land get_permits"
        " start_building complete obtain_licence lose_licensed",
    },
    "lead_dispute": {
        "carried_out": "hear reply uphold carry_out",
        "rejected": "hear go_on reject",
        "settled": "withdraw",
        "settled by the towns": "hear reply settle",
        "settled when upheld": "hear reply uphold lapse",
    },
    "major_project": {
        "kept": "conceive review_concept reserve review_reserve rework reserve advance put_back advance keep",
        "dropped": "drop_proposed",
        "dropped while conceived": "conceive drop_conceived",
        "dropped from the reserve": "conceive reserve drop_reserved",
        "dropped while advanced": "conceive reserve advance drop_advanced",
    },
    "fund_project_guarantee": {
        "secured": "share_out report_land report_energy report_permits report_environment settle_land settle_energy"
        " settle_permits settle_environment reopen_land settle_land reopen_energy settle_energy"
        " reopen_permits settle_permits reopen_environment settle_environment secure",
        "unsecured": "share_out settle_land:not_available settle_energy settle_permits settle_environment"
        " end_unsecured",
        "withdrawn": "withdraw",
    },
    "incident_notice": {"noted": "answer ask_again answer note_it", "unanswered": "give_up"},
}
"""By process, by end (its key first): steps; ``:yes`` is the answer to a question of the step's form, else it is no, or
the first choice; ``open:`` says what is answered at opening."""
