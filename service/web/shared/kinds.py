"""Of which kind a pupil's decision is, as lists and filters sort them."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from service.memory.due_today import Due


class Kind(NamedTuple):
    """A kind of decision: its word in addresses, its name, and the colour of its tag."""

    name: str
    label: str
    colour: str


KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("letter", "Letter", "blue"),
            Kind("held", "Held back", "red"),
            Kind("action", "Something to do", "purple"),
            Kind("undecided", "Needs an answer", "yellow"),
            Kind("monitor", "Wait for the review", "grey"),
            Kind("none", "Nothing", "grey"),
            Kind("fault", "Not decided", "red"),
        )
    }
)
_ORDER = tuple(KINDS)


def kind_of(due: Due) -> Kind:
    """The kind of a pupil's decision; a letter that must not leave is held back."""
    decision = due.decision
    if decision is None:
        return KINDS["fault"]
    if decision.outcome == "letter" and due.remembered.pupil.record.holds:
        return KINDS["held"]
    return KINDS[decision.outcome]


def urgency(due: Due) -> tuple[int, int, float, str]:
    """What has to be done first, then the higher stage, then the lower attendance, then the name."""
    kind, decision, record = kind_of(due), due.decision, due.remembered.pupil.record
    stage = int(decision.stage[:1] or 0) if decision else 0
    attendance = float(decision.figures.get("attendance_percentage", 100.0)) if decision else 0.0
    return _ORDER.index(kind.name), -stage, attendance, record.last_name.casefold()


def say_returns(due: Due) -> dict[str, str]:
    """What the law asks the school to tell the council of, in the policy's words, by the return's name."""
    if not due.decision or not due.decision.returns:
        return {}
    labels = {item.rule.id: item.rule.label for item in due.remembered.pupil.active_policy().returns}
    return {name: labels.get(name) or name.replace("_", " ") for name in due.decision.returns}


def say_due(due: Due) -> str:
    """What is due, as somebody would say it: "School Letter 1", "Change N marks to O"."""
    decision, steps = due.decision, due.remembered.pupil.policy.steps.actions
    if decision is None:
        return "not decided"
    titles = (steps[action].title if action in steps else action.replace("_", " ") for action in decision.actions)
    return " + ".join(part for part in (decision.letter_label, *titles) if part) or decision.due
