"""What forms say of the decision: next steps, reasons, and each criterion of stage three as met or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from service.decisions.windows.window import Window
from service.decisions.wording import say_day, say_span
from service.forms.attendance import figures_period, say_attendance
from service.forms.facts import FormFacts, Value, say_date, say_lines
from service.forms.history import find_steps, find_support, may_have_taken_part, was_support_given


def _next_steps(form: FormFacts) -> str | None:
    titles = [form.policy.steps.actions[action].title for action in form.decision.actions]
    day = _review_day(form)
    review = [f"Review on {say_day(day)}"] if day else []
    return say_lines([*titles, *review])


def _background(form: FormFacts) -> str | None:
    """Attendance in plain figures: what a rule says of it is for the office, and why is for people to write."""
    first, last = figures_period(form)
    days = f", {say_span(first, last)}" if first and last else ""
    percentage, possible, attended, unauthorised = (
        say_attendance(form),
        *(form.count(word) for word in ("sessions_possible", "sessions_attended", "sessions_unauthorised")),
    )
    counted = "" if possible is None or attended is None else f": {attended} of {possible} sessions"
    lines = [f"Attendance {percentage} %{counted}{days}."] if percentage else []
    missed = [] if unauthorised is None else [f"Unauthorised sessions{days}: {unauthorised}."]
    return say_lines([*lines, *missed])


def _contract_with(form: FormFacts) -> str | None:
    """The local authority where the policy asks for a contract at its stage; else the parties choose."""
    is_asked = form.kind.form in form.decision.documents and form.decision.stage == "3B"
    return "local_authority" if is_asked else None


def _meeting_day(form: FormFacts) -> str | None:
    text = form.record.meeting.get("meeting_date")
    try:
        return say_date(date.fromisoformat(text)) if text else None
    except ValueError:
        return text


def _chair(form: FormFacts) -> str | None:
    """Who leads the meeting that is planned; nobody where none is."""
    meeting = form.record.meeting
    return meeting.get("meeting_with") if "meeting_date" in meeting else None


def _met(truth: bool | None) -> str | None:
    return None if truth is None else "met" if truth else "not_met"


def _on_record(truth: bool, form: FormFacts) -> str | None:
    """What is on record is met; what is not is known not to be met only where the history is."""
    return _met(truth or (False if form.record.history_known else None))


def _letters_sent(form: FormFacts) -> str | None:
    first, second, missed, third = (
        bool(find_steps(form, f"enforcement_letter_{name}")) for name in ("1", "2", "2_dna", "3")
    )
    return _on_record(first and (second or missed) and third, form)


def _panel_or_contract(form: FormFacts) -> str | None:
    tried = any(find_steps(form, event) for event in ("attendance_panel_meeting", "parenting_contract"))
    return _on_record(tried, form)


def _support_given(form: FormFacts) -> str | None:
    """Met by support on record: that some was offered does not say that it was put in place."""
    is_refused = form.record.facts.get("support_offered") is False and not find_support(form)
    return _met(True if was_support_given(form) else False if is_refused else None)


def _not_engaged(form: FormFacts) -> str | None:
    """A person's answer; that nobody engaged stands only beside a history where nobody can have."""
    engaged = form.facts.answer("parent_engaged")
    if engaged is False and (may_have_taken_part(form) or not form.record.history_known):
        return None
    return _met(None if engaged is None else not engaged)


def _absence_continues(form: FormFacts) -> str | None:
    sent = tuple(event.event for event in form.events if event.event in form.policy.steps.enforcement_letters)
    missed = form.count("sessions_unauthorised", Window("since", after=(sent[-1],))) if sent else None
    return _met(None if missed is None else missed > 0)


def _threshold(form: FormFacts) -> str | None:
    threshold, missed = form.notice_threshold, form.count_for_notice("sessions_unauthorised")
    return _met(None if threshold is None or missed is None else threshold.is_reached(missed))


def _lead_professional(form: FormFacts) -> str | None:
    if any(event.event == "consult_lead_professional" for event in form.events):
        return "met"
    answers = [form.facts.answer(flag) for flag in form.policy.steps.lead_professional_flags]
    if all(answer is False for answer in answers):
        return "not_needed"
    return _on_record(False, form) if any(answers) else None


def _review_day(form: FormFacts) -> date | None:
    """The school day of the review: no form names a day on which the school is closed."""
    review = form.decision.review_on
    return form.facts.calendar.named_school_day(form.on, review) if review else None


DECISION: Mapping[str, Callable[[FormFacts], Value | None]] = {
    "next_steps": _next_steps,
    "review_date": lambda form: say_date(_review_day(form)),
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
    "enclosed_certificate": lambda form: "attendance_certificate" in form.decision.documents or None,
}
"""The words of the decision, by name."""
