"""A way through every shipped process to each of its ends, as the keys of the steps in their order."""

from __future__ import annotations

BRANCHES = "decide_institution accept_at_ethics decide_ethics close_contract settle_genetic"
TO_FIRST = "make_ready initiate enrol_first"
"""What the branches of a trial's start-up have in common, and what follows them."""

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
    "transfer": {
        "implemented": "name_supply agree_confidentiality visit agree register_contract pay begin_local_output"
        " implement_by_contract",
        "implemented for shares": "open:achievement name_demand agree_confidentiality visit agree:shares"
        " register_shares begin_local_output implement_by_shares",
        "implemented by its owner": "open:achievement use_itself implement_by_product",
        "refused_by_supply": "name_supply supply_refuses_contacted",
        "refused_by_supply before the visit": "name_supply agree_confidentiality supply_refuses_confidential",
        "refused_by_supply after the visit": "name_supply agree_confidentiality visit supply_refuses_visited",
        "refused_by_demand": "name_supply demand_refuses_contacted",
        "refused_by_demand before the visit": "name_supply agree_confidentiality demand_refuses_confidential",
        "refused_by_demand after the visit": "name_supply agree_confidentiality visit demand_refuses_visited",
        "lapsed": "withdraw",
        "lapsed in contact": "name_supply lapse_contacted",
        "lapsed before the visit": "name_supply agree_confidentiality lapse_confidential",
        "lapsed after the visit": "name_supply agree_confidentiality visit lapse_visited",
        "lapsed when agreed": "name_supply agree_confidentiality visit agree lapse_agreed",
        "lapsed when registered": "name_supply agree_confidentiality visit agree register_contract lapse_registered",
        "lapsed when paid": "name_supply agree_confidentiality visit agree register_contract pay lapse_paid",
        "lapsed while implemented": "open:achievement use_itself lapse_local_output",
    },
    "ip_warning": {
        "settled": "grade act act_again regrade grade act settle",
        "unsettled": "grade act give_up",
        "dismissed": "dismiss",
        "dismissed by the enterprise": "withdraw",
    },
    "trial_startup": {
        "first_patient": f"accept_application {BRANCHES} submit_ind_60 decide_ind_60 {TO_FIRST}",
        "first_patient by the channel": f"open:ind_30 accept_application {BRANCHES} submit_ind_30 decide_ind_30"
        f" {TO_FIRST}",
        "first_patient by the channel, turned": f"open:ind_30 accept_application {BRANCHES} submit_ind_30 turn_to_60"
        f" decide_turned {TO_FIRST}",
        "first_patient after a filing": f"open:bioequivalence accept_application {BRANCHES} file {TO_FIRST}",
        "first_patient of a device": f"open:device_approval accept_application {BRANCHES} submit_device decide_device"
        f" {TO_FIRST}",
        "first_patient of an investigator": "open:investigator accept_application decide_institution accept_at_ethics"
        f" change_for_ethics accept_at_ethics decide_ethics close_contract ask_permit decide_permit:permitted"
        f" note_not_needed:not_needed {TO_FIRST}",
        "not_started": "end_at_feasibility",
        "not_started when all branches are broken off": "accept_application decide_institution:broken_off"
        " drop_ethics:broken_off close_contract:broken_off settle_genetic:broken_off drop_submission:broken_off"
        " end_in_branches",
        "not_started when ethics refused": "accept_application decide_institution accept_at_ethics"
        " decide_ethics:refused close_contract:broken_off settle_genetic submit_ind_60 decide_ind_60 end_in_branches",
        "not_started before the initiation": f"accept_application {BRANCHES} submit_ind_60 decide_ind_60 make_ready"
        " end_before_initiation",
        "not_started without a patient": f"accept_application {BRANCHES} submit_ind_60 decide_ind_60 make_ready"
        " initiate end_without_patient",
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
    "licence_transfer": {
        "in_production": "take_up advise apply_plainly allowed release",
        "in_production after an inspection": "take_up apply_with_inspection allowed_inspected release",
        "in_production by record": "take_up ask_record recorded release",
        "refused": "take_up apply_plainly not_allowed",
        "refused after an inspection": "take_up apply_with_inspection not_allowed_inspected",
        "refused by record": "take_up ask_record not_recorded",
        "dropped": "decline",
        "dropped while prepared": "take_up give_up",
    },
    "device_contract_production": {
        "in_production": "take_up find_possible no_change begin",
        "in_production of class II": "open:class_2 take_up find_possible change_class_2 change_2_allowed begin",
        "in_production of class III": "open:class_3 take_up find_possible change_class_3 change_3_allowed begin",
        "in_production by a pilot": "open:certificate_sale take_up ask_pilot pilot_granted no_change begin",
        "refused": "take_up find_barred",
        "refused for class II": "open:class_2 take_up find_possible change_class_2 change_2_refused",
        "refused for class III": "open:class_3 take_up find_possible change_class_3 change_3_refused",
        "refused for lack of a pilot": "open:certificate_sale take_up ask_pilot pilot_refused",
        "dropped": "decline",
        "dropped while agreed upon": "take_up find_possible give_up",
    },
    "filing_help": {
        "approved": "take_up advise ask_channel channel_refused file approve",
        "approved with priority": "take_up ask_channel channel_granted file_priority approve_priority",
        "approved as urgent": "take_up ask_channel channel_granted file_urgent approve_urgent",
        "approved as a device": "open:device take_up file_device approve_device",
        "not_approved": "take_up file refuse",
        "not_approved with priority": "take_up file_priority refuse_priority",
        "not_approved as urgent": "take_up file_urgent refuse_urgent",
        "not_approved as a device": "open:device take_up file_device refuse_device",
        "dropped": "decline",
        "dropped while advised": "take_up give_up",
    },
    "special_goods": {
        "done": "take_up ask_quarantine_permit quarantine_granted passed close",
        "done with genetic resources": "open:yes take_up ask_genetic_permit genetic_granted quarantine_granted"
        " passed close",
        "refused": "take_up ask_quarantine_permit quarantine_refused",
        "refused for genetic resources": "open:yes take_up ask_genetic_permit genetic_refused",
        "refused at the border": "take_up ask_quarantine_permit quarantine_granted stopped",
        "dropped": "decline",
        "dropped while assessed": "take_up give_up",
    },
    "listing_coaching": {
        "listed": "help begin_reform reformed tutored apply clear list",
        "not_listed": "begin_reform reformed tutored apply fail",
        "not_listed in time": "begin_reform reformed tutored apply clear lapse",
        "left": "leave_reserve",
        "left at the reform": "begin_reform leave_reform",
        "left at the tutoring": "begin_reform reformed leave_tutoring",
        "left before the application": "begin_reform reformed tutored leave_filing",
    },
    "finance_need": {
        "financed": "take_up introduce look_again introduce agree_loan receive",
        "financed by a pledge": "open:pledge take_up introduce ask_pledge pledge_registered receive",
        "financed by securities": "open:securities take_up introduce prepare_issue issued receive",
        "financed by the fund": "open:fund take_up introduce bring_to_fund invest receive",
        "not_financed": "take_up find_nobody",
        "not_financed after talks": "take_up introduce fail",
        "not_financed by a pledge": "open:pledge take_up introduce ask_pledge pledge_refused",
        "not_financed by securities": "open:securities take_up introduce prepare_issue not_issued",
        "not_financed by the fund": "open:fund take_up introduce bring_to_fund not_invest",
        "dropped": "decline",
        "dropped by the enterprise": "take_up withdraw",
    },
    "talent_service": {
        "served": "take_up hand_on answer ask_again answer confirm",
        "not_served": "take_up refuse",
        "dropped": "decline",
        "dropped by the employer": "withdraw",
    },
    "land_supply": {
        "supplied let first": "take_up let_land grant_lease",
        "supplied for a flexible term": "take_up decide_grant hand_over",
        "supplied as a plant": "take_up let_plant sell_plant",
        "supplied as a plant on lease": "take_up let_plant keep_plant",
        "supplied on the same land": "take_up agree_renovation stop_renovation agree_renovation accept_renovation",
        "handed_back": "take_up let_land give_back_land",
        "handed_back plant": "take_up let_plant give_back_plant",
        "declined": "decline",
        "declined after the ways were compared": "take_up decline_later",
        "withdrawn": "withdraw",
        "withdrawn later": "take_up withdraw_later",
    },
    "barrier": {
        "removed": "confirm hand_back confirm plan_removal report_removed not_gone report_removed confirm_removed",
        "kept": "confirm keep",
        "kept after all": "confirm plan_removal keep_later",
        "not_barrier": "find_none",
        "withdrawn": "withdraw",
    },
    "access_review": {
        "issued": "ask_views submit send_back ask_views submit clear issue",
        "given_up": "give_up",
        "given_up at the review": "ask_views submit refuse",
        "given_up though cleared": "ask_views submit clear give_up_later",
    },
    "tolerance": {
        "made_regular": "take_up grant report prolong make_regular",
        "ended": "take_up grant end",
        "refused": "take_up refuse",
        "refused at once": "refuse_at_once",
        "withdrawn": "withdraw",
        "withdrawn later": "take_up withdraw_later",
    },
    "resource_booking": {
        "used": "ask_keeper book begin finish",
        "used with human samples": "ask_keeper:yes book_with_ethics begin finish",
        "not_available": "find_none",
        "not_available at the keeper": "ask_keeper refuse",
        "not_available any more": "ask_keeper book begin break_down",
        "cancelled": "cancel",
        "cancelled when asked": "ask_keeper cancel_asked",
        "cancelled when booked": "ask_keeper book cancel_booked",
    },
    "product_pilot": {
        "adopted": "pass_gate:yes clear place report_result:yes adopt",
        "not_adopted": "pass_gate:yes clear place report_result not_adopt",
        "not_eligible": "fail_gate",
        "not_eligible by its effect on competition": "pass_gate:yes not_clear",
        "not_eligible without a hospital": "pass_gate:yes clear none_found",
        "withdrawn": "withdraw",
        "withdrawn later": "pass_gate:yes clear withdraw_later",
    },
    "brand_campaign": {
        "won": "open_window submit send_back submit recommend win",
        "not_won": "open_window submit recommend lose",
        "not_won as the window was missed": "open_window miss",
        "given_up": "no_window_this_year",
        "given_up by the enterprise": "open_window give_up",
        "given_up without a recommendation": "open_window submit not_recommend",
    },
    "five_reductions": {"closed": "submit send_back submit check reopen check send_up", "void": "void_it"},
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
