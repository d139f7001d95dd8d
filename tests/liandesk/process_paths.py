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
    "deal": {
        "ended": "contact agree_confidentiality start_diligence negotiate:none sign close reopen_terms close"
        " prove_switch end",
        "ended with an approval": "contact agree_confidentiality start_diligence negotiate:overseas submit send_back"
        " submit sign_approved close prove_switch end",
        "given_up": "give_up_idea",
        "given_up in contact": "contact give_up_contact",
        "given_up before due diligence": "contact agree_confidentiality give_up_confidential",
        "given_up in due diligence": "contact agree_confidentiality start_diligence give_up_diligence",
        "given_up in negotiation": "contact agree_confidentiality start_diligence negotiate give_up_negotiation",
        "given_up awaiting approval": "contact agree_confidentiality start_diligence negotiate:state_asset submit"
        " give_up_approving",
        "given_up before closing": "contact agree_confidentiality start_diligence negotiate:none sign give_up_signed",
        "fallen": "contact agree_confidentiality start_diligence negotiate:none sign close fall_through",
        "fallen after the evidence": "contact agree_confidentiality start_diligence negotiate:none sign close"
        " prove_switch fall_through_later",
    },
    "incident_notice": {"noted": "answer ask_again answer note_it", "unanswered": "give_up"},
}
"""By process, by end (its key first): steps; ``:yes`` is the answer to a question of the step's form, else it is no, or
the first choice."""
