"""What forms say of the decision: next steps, reasons, and each criterion of stage three as met or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from service.attendance.words import FLAGS
from service.decisions.windows.window import Window
from service.decisions.wording import say_day
from service.forms.facts import FormFacts, Value, say_date, say_lines
from service.forms.history import find_steps, find_support


def _next_steps(form: FormFacts) -> str | None:
    titles = [form.policy.steps.actions[action].title for action in form.decision.actions]
    review = [f"Review on {say_day(form.decision.review_on)}"] if form.decision.review_on else []
    return say_lines([*titles, *review])


def _background(form: FormFacts) -> str | None:
    """The reasons that held; none that would tell a parent's form of a plan for the child."""
    reasons = [reason for reason in form.decision.main_reasons if reason.held and reason.reference]
    return say_lines(reason.text for reason in reasons if reason.measure not in FLAGS)


def _contract_with(form: FormFacts) -> str | None:
    if form.decision.outcome == "undecided":
        return None
    return {"1": "school", "2": "school", "3B": "local_authority"}.get(form.decision.stage)


def _meeting_day(form: FormFacts) -> str | None:
    text = form.record.meeting.get("meeting_date")
    try:
        return say_date(date.fromisoformat(text)) if text else None
    except ValueError:
        return text


def _chair(form: FormFacts) -> str | None:
    """Who leads the meeting that is planned, else who deals with this pupil's attendance."""
    meeting = form.record.meeting
    return meeting.get("meeting_with") if "meeting_date" in meeting else form.school.word("sender_name")


def _met(truth: bool | None) -> str | None:
    return None if truth is None else "met" if truth else "not_met"


def _letters_sent(form: FormFacts) -> str | None:
    first, second, missed, third = (
        bool(find_steps(form, f"enforcement_letter_{name}")) for name in ("1", "2", "2_dna", "3")
    )
    return _met(first and (second or missed) and third)


def _panel_or_contract(form: FormFacts) -> str | None:
    return _met(any(find_steps(form, event) for event in ("attendance_panel_meeting", "parenting_contract")))


def _support_given(form: FormFacts) -> str | None:
    return _met(True if find_support(form) else form.facts.answer("support_offered"))


def _not_engaged(form: FormFacts) -> str | None:
    engaged = form.facts.answer("parent_engaged")
    return _met(None if engaged is None else not engaged)


def _absence_continues(form: FormFacts) -> str | None:
    sent = tuple(event.event for event in form.events if event.event in form.policy.steps.enforcement_letters)
    missed = form.count("sessions_unauthorised", Window("since", after=(sent[-1],))) if sent else None
    return _met(None if missed is None else missed > 0)


def _threshold(form: FormFacts) -> str | None:
    threshold, missed = form.notice_threshold, form.count_for_notice("sessions_unauthorised")
    return _met(None if threshold is None or missed is None else threshold.is_reached(missed))


def _lead_professional(form: FormFacts) -> str:
    if any(event.event == "consult_lead_professional" for event in form.events):
        return "met"
    flags = form.policy.steps.lead_professional_flags
    return "not_needed" if all(form.facts.answer(flag) is False for flag in flags) else "not_met"


DECISION: Mapping[str, Callable[[FormFacts], Value | None]] = {
    "next_steps": _next_steps,
    "notes": lambda form: say_lines(form.decision.cautions),
    "review_date": lambda form: say_date(form.decision.review_on),
    "next_meeting_date": lambda form: say_date(form.decision.review_on),
    "request_date": lambda form: say_date(form.on),
    "plan_chair": _chair,
    "plan_date": _meeting_day,
    "background": _background,
    "contract_with": _contract_with,
    "criterion_letters_sent": _letters_sent,
    "criterion_panel_or_contract": _panel_or_contract,
    "criterion_support_given": _support_given,
    "criterion_not_engaged": _not_engaged,
    "criterion_absence_continues": _absence_continues,
    "criterion_threshold": _threshold,
    "criterion_lead_professional": _lead_professional,
    "enclosed_certificate": lambda form: "attendance_certificate" in form.decision.documents,
}
"""The words of the decision, by name."""
