"""The words that the outside sees: one flat word for one thing everywhere.

A word here is a column heading, a JSON key, a fact that a rule may ask about and a placeholder in a template.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

LETTERS = MappingProxyType(
    {
        "letter_n": "Letter N",
        "letter_1": "Letter 1",
        "letter_2": "Letter 2",
        "letter_3": "Letter 3",
        "letter_med": "Letter MED",
        "stage_2_letter": "the Stage 2 letter",
        "notice_to_improve": "the Notice to Improve",
        "enforcement_letter_1": "Enforcement Letter 1",
        "enforcement_letter_2": "Enforcement Letter 2",
        "enforcement_letter_2_dna": "Enforcement Letter 2DNA",
        "enforcement_letter_3": "Enforcement Letter 3",
        "warning_letter_1": "Warning Letter 1",
        "final_warning_letter": "the Final Warning Letter",
        "panel_invitation": "the panel invitation",
        "did_not_attend_letter": "the Did Not Attend letter",
        "attendance_message": "the attendance message",
        "general_letter": "the general attendance letter",
        "lateness_letter": "the lateness letter",
        "school_worries_letter": "the school worries letter",
    }
)

OTHER_EVENTS = MappingProxyType(
    {
        "parent_contact": "a conversation with the parent",
        "explanation_given": "an explanation from the parent",
        "medical_evidence": "medical evidence",
        "attendance_support_meeting": "an attendance support meeting",
        "attendance_panel_meeting": "an attendance panel meeting",
        "pastoral_meeting": "a pastoral meeting",
        "home_visit": "a home visit",
        "announced_home_visit": "an announced home visit",
        "early_help_assessment": "an early help assessment",
        "early_help_referral": "an early help referral",
        "team_around_family": "a team around the family meeting",
        "support_action": "a support action",
        "consult_lead_professional": "a consultation with the lead professional",
        "parenting_contract": "a parenting contract",
        "attendance_contract": "an attendance contract",
        "medical_action_plan_agreed": "an agreed medical action plan",
        "recode_n_to_o": "a recoding of N marks to O",
        "penalty_notice_considered": "consideration of a penalty notice",
        "penalty_notice_requested": "a request for a penalty notice",
        "penalty_notice": "a penalty notice",
        "penalty_notice_withdrawn": "a withdrawn penalty notice",
        "stage_3_requested": "a request for stage 3",
        "legal_planning_meeting": "a legal planning meeting",
        "attendance_return": "an attendance return",
        "sickness_return": "a sickness return",
    }
)

EVENTS = MappingProxyType({**LETTERS, **OTHER_EVENTS})
"""Everything that can stand in a history, and how a sentence names it."""

OUTCOMES = MappingProxyType(
    {
        "attended": "attended",
        "did_not_attend": "not attended",
        "agreed": "agreed",
        "refused": "refused",
        "completed": "completed",
    }
)

PER_PARENT_EVENTS = frozenset({"penalty_notice", "penalty_notice_withdrawn"})
"""Events that count for each parent, so their recipient must be known."""

FORMS = (
    "stage_1_tracking_form",
    "stage_2_tracking_form",
    "medical_action_plan",
    "medical_consent_form",
    "attendance_improvement_plan",
    "parenting_contract",
    "attendance_contract",
    "statutory_intervention_request",
    "penalty_notice_request",
    "sickness_return",
    "attendance_return",
    "attendance_certificate",
)


class YesOrNo(NamedTuple):
    """A fact that is true, false or unknown: the question to ask, and the sentence for each answer."""

    question: str
    yes: str
    no: str
    unknown: str


FLAGS = MappingProxyType(
    {
        "child_protection_plan": YesOrNo(
            "Is there a child protection plan?",
            "There is a child protection plan",
            "There is no child protection plan",
            "Nobody has said whether there is a child protection plan",
        ),
        "child_in_need": YesOrNo(
            "Is the pupil a child in need?",
            "The pupil is a child in need",
            "The pupil is not a child in need",
            "Nobody has said whether the pupil is a child in need",
        ),
        "looked_after": YesOrNo(
            "Is the pupil looked after by the council?",
            "The pupil is looked after",
            "The pupil is not looked after",
            "Nobody has said whether the pupil is looked after",
        ),
        "social_worker": YesOrNo(
            "Does the pupil have a social worker?",
            "The pupil has a social worker",
            "The pupil has no social worker",
            "Nobody has said whether the pupil has a social worker",
        ),
        "team_around_family": YesOrNo(
            "Is there a team around the family?",
            "There is a team around the family",
            "There is no team around the family",
            "Nobody has said whether there is a team around the family",
        ),
        "ehc_plan": YesOrNo(
            "Does the pupil have an education, health and care plan?",
            "The pupil has an education, health and care plan",
            "The pupil has no education, health and care plan",
            "Nobody has said whether the pupil has an education, health and care plan",
        ),
        "sen_support": YesOrNo(
            "Does the pupil have SEN support?",
            "The pupil has SEN support",
            "The pupil has no SEN support",
            "Nobody has said whether the pupil has SEN support",
        ),
        "medical_action_plan": YesOrNo(
            "Is a medical action plan in place?",
            "A medical action plan is in place",
            "No medical action plan is in place",
            "Nobody has said whether a medical action plan is in place",
        ),
    }
)

JUDGEMENTS = MappingProxyType(
    {
        "concern": YesOrNo(
            "Has anyone at school raised a concern about attendance?",
            "A concern about attendance was raised",
            "No concern about attendance was raised",
            "Nobody has raised a concern about attendance, which counts as none raised",
        ),
        "parent_engaged": YesOrNo(
            "Is the parent working with the school on attendance?",
            "The parent is working with the school",
            "The parent is not working with the school",
            "Nobody has said whether the parent is working with the school",
        ),
        "reason_given": YesOrNo(
            "Has a reason been given for the absences?",
            "A reason was given for the absences",
            "No reason was given for the absences",
            "Nobody has said whether a reason was given for the absences",
        ),
        "reason_satisfactory": YesOrNo(
            "Is the reason that was given satisfactory?",
            "The reason given is satisfactory",
            "The reason given is not satisfactory",
            "Nobody has said whether the reason given is satisfactory",
        ),
        "medical_reason_cited": YesOrNo(
            "Does the parent give a medical reason for the absences?",
            "The parent gives a medical reason",
            "The parent gives no medical reason",
            "Nobody has said whether the parent gives a medical reason",
        ),
        "medical_evidence_received": YesOrNo(
            "Has medical evidence been received?",
            "Medical evidence has been received",
            "No medical evidence has been received",
            "Nobody has said whether medical evidence has been received",
        ),
        "medical_needs_justify_absence": YesOrNo(
            "Do school and medical staff agree that the medical needs justify this much absence?",
            "The medical needs justify the absence",
            "The medical needs do not justify the absence",
            "Nobody has said whether the medical needs justify the absence",
        ),
        "sickness_expected_15_days": YesOrNo(
            "Is the pupil expected to be ill for 15 school days or more?",
            "The pupil is expected to be ill for 15 school days or more",
            "The pupil is not expected to be ill for 15 school days",
            "Nobody has said whether the pupil is expected to be ill for 15 school days",
        ),
        "support_offered": YesOrNo(
            "Has the family been offered support?",
            "The family has been offered support",
            "The family has not been offered support",
            "Nobody has said whether the family has been offered support",
        ),
        "unmet_needs": YesOrNo(
            "Does the family have needs that call for more support?",
            "The family has needs that call for more support",
            "The family has no needs that call for more support",
            "Nobody has said that the family has needs that call for more support",
        ),
        "significant_barriers": YesOrNo(
            "Are there significant barriers to better attendance?",
            "There are significant barriers to better attendance",
            "There are no significant barriers to better attendance",
            "Nobody has said whether there are significant barriers to better attendance",
        ),
        "school_worries": YesOrNo(
            "Is the pupil worried about coming to school?",
            "The pupil is worried about coming to school",
            "The pupil is not worried about coming to school",
            "Nobody has said whether the pupil is worried about coming to school",
        ),
    }
)

FACTS = MappingProxyType({**FLAGS, **JUDGEMENTS})

SUMMARY_FIGURES = (
    "sessions_possible",
    "sessions_attended",
    "sessions_authorised",
    "sessions_unauthorised",
    "sessions_late",
    "sessions_late_after_close",
    "sessions_unexplained",
    "sessions_illness",
    "sessions_medical",
    "sessions_holiday",
    "attendance_percentage",
    "absence_spells",
    "broken_weeks",
    "weeks_in_session",
)
"""The figures a summary may give, whole numbers but for the percentage."""

MEETING = MappingProxyType(
    {
        "meeting_date": "On which day is the meeting?",
        "meeting_time": "At what time is the meeting?",
        "meeting_place": "Where is the meeting?",
        "meeting_with": "With whom is the meeting?",
    }
)
MEETING_EVENTS = ("attendance_support_meeting", "attendance_panel_meeting", "pastoral_meeting")
MEETING_NEEDED = ("meeting_date", "meeting_time", "meeting_place")
"""Without these an invitation cannot be issued; without `meeting_with` it is with the sender."""
