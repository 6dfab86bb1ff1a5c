"""What forms say of what was done: dates and outcomes, the contact log, the end of a stage, support."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from service.attendance.record import Event
from service.attendance.words import MEETING_EVENTS, OTHER_EVENTS
from service.decisions.case import Case
from service.decisions.reasons import ReasonWriter
from service.forms.facts import LOCAL_AUTHORITY, MOST_LINES, FormFacts, Value, say_date, say_lines

MOST_DATES = 3
INITIALS = 6
SAME_STEP = {
    "enforcement_letter_1": ("warning_letter_1",),
    "enforcement_letter_2": ("panel_invitation",),
    "enforcement_letter_2_dna": ("did_not_attend_letter",),
    "enforcement_letter_3": ("final_warning_letter",),
    "parenting_contract": ("attendance_contract",),
}
"""The steps that a request to the local authority shows in one row, because another policy calls them differently."""
CONTRACTS = ("parenting_contract", "attendance_contract")
VISITS = ("home_visit", "announced_home_visit")
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev"))
_NOT_TAKEN_UP = ("did_not_attend", "refused")
_OUTCOMES = {"did_not_attend": "did not attend"}


def find_steps(form: FormFacts, event: str) -> list[Event]:
    """What was done of one kind this school year; for the local authority under any policy's name for it."""
    names = (event, *(SAME_STEP.get(event, ()) if form.kind.goes_to == LOCAL_AUTHORITY else ()))
    return [done for done in form.events if done.event in names]


def supply_of_event(form: FormFacts, event: str, word: str) -> str | None:
    """The days of an event ("date"), or what came of the last one ("outcome"); None when there was none."""
    found = find_steps(form, event)
    if not found:
        return None
    if word == "date":
        return ", ".join(f"{done.on:%d/%m/%Y}" for done in found[-MOST_DATES:])
    return _capital(": ".join(part for part in (_outcome(found[-1]), _note(found[-1])) if part))


def supply_of_log(form: FormFacts, number: int, word: str) -> str | None:
    """A word of the nth row of the contact log: date, details or initials."""
    rows = _log_rows(form)
    if not 1 <= number <= len(rows):
        return None
    together = rows[number - 1]
    if word == "date":
        return say_date(together[0].on)
    if word == "initials":
        given = list(dict.fromkeys(map(_initials, together)))
        return given[0] if len(given) == 1 else None
    return _details(form, together[0]) if len(together) == 1 else _details_together(form, together)


def _log_rows(form: FormFacts) -> list[list[Event]]:
    """The entries of each row: contacts and actions, and letters that the form has no date of their own for.

    With more entries than rows the letters and the earliest entries share the first row, so that nothing is lost.
    """
    entries = [one for one in form.events if one.event in OTHER_EVENTS or f"{one.event}_date" not in form.fields]
    room = form.count_rows("contact_log_{}_date")
    if len(entries) <= room:
        return [[entry] for entry in entries]
    others = [entry for entry in entries if entry.event in OTHER_EVENTS]
    own = others[max(0, len(others) - room + 1) :]
    first = [entry for entry in entries if not any(entry is other for other in own)]
    return [first, *([entry] for entry in own)][:room]


def _details_together(form: FormFacts, events: Sequence[Event]) -> str | None:
    """The letters on one line with their days, then every other entry on a line of its own."""
    letters: dict[str, list[str]] = {}
    for event in events:
        if event.event not in OTHER_EVENTS:
            letters.setdefault(_name(form, event), []).append(f"{event.on:%d/%m/%Y}")
    sent = "; ".join(f"{name} {', '.join(days)}" for name, days in letters.items())
    others = (event for event in events if event.event in OTHER_EVENTS)
    lines = [f"{event.on:%d/%m/%Y}: {_details(form, event)}" for event in others]
    return say_lines([*([f"Sent: {sent}"] if sent else []), *lines])


def _details(form: FormFacts, event: Event) -> str:
    """Attendance panel meeting by telephone with Ms Ash: attended. The note."""
    what = _name(form, event)
    is_letter = event.event not in OTHER_EVENTS
    how = f", by {event.method.removeprefix('by ')}" if event.method else ""
    recipient = _recipient(form, event)
    whom = f", {'to' if is_letter else 'with'} {recipient}" if recipient else ""
    outcome = _outcome(event)
    told = f"{what}{' sent' if is_letter else ''}{how}{whom}{f': {outcome}' if outcome else ''}"
    return f"{told}. {_note(event)}" if event.note else told


def _note(event: Event) -> str:
    """The note as it was written, or as one paragraph where it has more lines than a form has room for."""
    return event.note if len(event.note.splitlines()) <= MOST_LINES else " ".join(event.note.split())


def _name(form: FormFacts, event: Event) -> str:
    name = ReasonWriter(form.facts.terms).name(event.event)
    for article in ("a ", "an ", "the "):
        name = name.removeprefix(article)
    return _capital(name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcome(event: Event) -> str:
    return _OUTCOMES.get(event.outcome, event.outcome)


def _recipient(form: FormFacts, event: Event) -> str:
    """The name of the contact whose number was given, nothing where there is no such name; else what was written."""
    contacts, said = form.record.contacts, event.recipient
    if not (said.isascii() and said.isdigit() and len(said) < 4):
        return said
    return contacts[int(said) - 1].name if 1 <= int(said) <= len(contacts) else ""


def _initials(event: Event) -> str:
    """Initials as they were given, or those of a name that was given instead."""
    if len(event.by) <= INITIALS:
        return event.by
    words = [word for word in event.by.split() if word.strip(".").casefold() not in _TITLES]
    return "".join(word[0] for word in words)[:INITIALS]


def _stage_end(form: FormFacts, stage: str, days: Sequence[date]) -> str | None:
    """The first of these days, or today when the pupil has improved at that stage."""
    if days:
        return say_date(min(days))
    has_left = form.decision.rule == "improved" and Case(form.facts, form.policy).stage_reached == stage
    return say_date(form.on) if has_left else None


def _stage_1_end(form: FormFacts) -> str | None:
    terms = form.facts.terms
    later = set(terms.stages[terms.stages.index("1") + 1 :] if "1" in terms.stages else ())
    sent = [e.on for e in form.events if e.event in terms.labels and terms.stage_of_event.get(e.event) in later]
    return _stage_end(form, "1", sent)


def _stage_2_end(form: FormFacts) -> str | None:
    return _stage_end(form, "2", [event.on for event in form.events if event.event == "stage_3_requested"])


def find_support(form: FormFacts) -> list[Event]:
    """The support of this school year, whatever came of it."""
    names = form.facts.terms.answered_by.get("support_offered", ())
    return [event for event in form.events if event.event in names]


def was_support_given(form: FormFacts) -> bool:
    """Whether any support of this school year was neither refused nor missed."""
    return any(event.outcome not in _NOT_TAKEN_UP for event in find_support(form))


def may_have_taken_part(form: FormFacts) -> bool:
    """Whether a parent came to a meeting, was met on a visit or agreed to a contract, or nobody said how one went."""
    steps = (*MEETING_EVENTS, *VISITS, *CONTRACTS)
    return any(event.event in steps and event.outcome not in ("did_not_attend", "refused") for event in form.events)


def _support_tried(form: FormFacts) -> str | None:
    def line(event: Event) -> str:
        outcome = _outcome(event)
        told = f"{event.on:%d/%m/%Y}: {_name(form, event)}{f', {outcome}' if outcome else ''}"
        return f"{told}. {_note(event)}" if event.note else told

    return say_lines(map(line, find_support(form)))


def _meeting_number(form: FormFacts) -> str | None:
    """One more than the meetings attended; None where it is not known of every one whether it was."""
    outcomes = [event.outcome for event in form.events if event.event in MEETING_EVENTS]
    is_known = form.record.history_known and all(outcomes)
    return str(1 + outcomes.count("attended")) if is_known else None


def _contract_made_at(form: FormFacts) -> str | None:
    """Where a contract was agreed: at the panel or the visit of the same day; None where none is on record."""
    contract = _last_contract(form)
    if contract is None or contract.outcome != "agreed":
        return None
    same_day = [one.event for one in form.events if one.on == contract.on and one.outcome == "attended"]
    if any(visit in same_day for visit in VISITS):
        return "home_visit"
    return "panel_meeting" if "attendance_panel_meeting" in same_day else None


def _contract_refused(form: FormFacts) -> str | None:
    contract = _last_contract(form)
    return _note(contract) if contract and contract.outcome == "refused" else None


def _last_contract(form: FormFacts) -> Event | None:
    return next((event for event in reversed(list(form.events)) if event.event in CONTRACTS), None)


def _last_day(event: str, ever: bool = False) -> Callable[[FormFacts], str | None]:
    """The day of the last such event: of this school year, or `ever` up to the day of the form."""

    def find(form: FormFacts) -> str | None:
        events = [done for done in form.record.history if done.on <= form.on] if ever else form.events
        return say_date(max((done.on for done in events if done.event == event), default=None))

    return find


HISTORY: Mapping[str, Callable[[FormFacts], Value | None]] = {
    "stage_1_end_date": _stage_1_end,
    "stage_2_end_date": _stage_2_end,
    "support_tried": _support_tried,
    "meeting_number": _meeting_number,
    "contract_made_at": _contract_made_at,
    "contract_not_used_reason": _contract_refused,
    "medical_issue_1_evidence": _last_day("medical_evidence"),
    "earlier_return_date": _last_day("sickness_return"),
    "notice_to_improve_date": _last_day("notice_to_improve", ever=True),
}
"""The words of what was done, by name."""
