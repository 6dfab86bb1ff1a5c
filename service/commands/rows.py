"""What became of the rows of an export, in a sentence for each file of which not every row was used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from service.cohort.row_counts import LeftOut, RowCount, add_up

_MOST = 20
_WHY: Mapping[LeftOut, str] = MappingProxyType(
    {
        LeftOut.ABOVE: "above the headings",
        LeftOut.EMPTY: "empty",
        LeftOut.HEADINGS: "with the headings again",
        LeftOut.TOTAL: "with totals",
        LeftOut.REMARK: "with a remark",
        LeftOut.HIDDEN: "hidden",
        LeftOut.OTHER_TERM: "of another term",
        LeftOut.REPEATED: "the same as an earlier row",
        LeftOut.LATER: "after the day of the decision",
        LeftOut.LESSON: "of lessons",
        LeftOut.NO_CODE: "without a code",
        LeftOut.NO_NEW_MARK: "without a new mark",
        LeftOut.NO_EVENT: "without an event",
        LeftOut.NO_ANSWER: "without an answer",
        LeftOut.NO_CONTACT: "without a contact",
        LeftOut.MEETING: "free times for meetings; given out with --meetings",
        LeftOut.PUPIL_UNUSABLE: "about pupils who could not be used",
        LeftOut.PUPIL_HIDDEN: "about pupils whose own rows are hidden",
        LeftOut.PUPIL_UNKNOWN: "about pupils who are not in the list of pupils",
    }
)


def say_row_counts(counts: Sequence[RowCount]) -> Iterator[str]:
    """One sentence where every row was used; else one for each file with other rows, those with problems first."""
    others = sorted((count for count in counts if count.used < count.rows), key=_urgency)
    whole = [count for count in counts if count.used == count.rows]
    if not others:
        yield f"{_rows(add_up('', whole).rows)} read, all used."
        return
    yield from (_sentence(count) for count in others[:_MOST])
    if more := others[_MOST:]:
        yield _sentence(add_up(_files(len(more), "more"), more))
    if whole:
        yield _sentence(add_up(_files(len(whole), "other"), whole))


def _urgency(count: RowCount) -> tuple[int, int, str]:
    return -count.at_fault, -count.left_out.total(), count.name


def _sentence(count: RowCount) -> str:
    used = "all" if count.used == count.rows else f"{count.used:,}" if count.used else "none"
    parts = [f"{_rows(count.rows)}, {used} used"]
    if left := count.left_out.total():
        parts.append(f"{left:,} left out ({_reasons(count.left_out)})")
    if count.at_fault:
        parts.append(f"{count.at_fault:,} could not be used")
    return f"{count.name}: {', '.join(parts)}."


def _reasons(left_out: Counter[LeftOut]) -> str:
    found = [(number, _WHY[why]) for why, number in left_out.most_common() if number]
    return found[0][1] if len(found) == 1 else ", ".join(f"{number:,} {why}" for number, why in found)


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _files(number: int, which: str) -> str:
    return f"1 {which} file" if number == 1 else f"{number:,} {which} files"
