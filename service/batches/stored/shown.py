"""What is shown of one pupil before a release, as text, and its hash: what is issued must come to the same hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from service.batches.file_names import file_name
from service.batches.index import index_rows
from service.batches.messages import message_rows
from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.errors import Problem
from service.issue import Issue, IssuedLetter
from service.memory.issuing import Issued, content_of
from service.storage.batched.batch_values import DUE, HELD, NEEDS_MEETING, NOTHING, UNDECIDED
from service.storage.file_store import hash_of
from service.storage.packing import squeeze, unsqueeze
from service.word.document import DOCX, ENDINGS

MEMORY = "memory"
"""What stands as a row's source in an index: no file of an export."""
_HAD_ONE = Problem(
    "letter-today", "A letter about this pupil was issued on this day already. Issue the next one on another day."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a row: its state, the letter, and everything else as squeezed text with its hash."""

    state: str
    letter: str
    label: str
    content: bytes
    hash: str


def show(made: Issued, number: int, fingerprint: str) -> Shown:
    """What is shown of a pupil: the decision, the lines of the index, the letters' words and the hash of each file."""
    record, issue = made.remembered.pupil.record, _with_why(made)
    item = RunRow(PupilRow(number, MEMORY, record.key, record), issue)
    files = {one.recipient.id: name_in_results(item.row, one) for one in issue.letters if one.content}
    text = json.dumps(
        {
            "policy": fingerprint,
            "decision": issue.decision.as_json(),
            "lines": list(index_rows(item, files)),
            "messages": list(message_rows(item)),
            "letters": [_letter(one) for one in issue.letters],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
    decision = issue.decision
    name = hashlib.sha256(text.encode()).hexdigest()
    return Shown(state_of(issue), decision.letter, decision.letter_label, squeeze(text), name)


def _with_why(made: Issued) -> Issue:
    """What was decided, with the reason where a further letter must wait for another day."""
    return replace(made.issue, problems=(_HAD_ONE,)) if made.waits else made.issue


def name_in_results(row: PupilRow, letter: IssuedLetter) -> str:
    """The name of a letter's file among the results."""
    return file_name(row, letter) + ENDINGS[DOCX]


def _letter(letter: IssuedLetter) -> dict[str, Any]:
    return {
        "recipient": letter.recipient.id,
        "postcode": letter.recipient.address.postcode,
        "words": dict(letter.fields),
        "file": hash_of(content_of(letter)),
    }


def state_of(issue: Issue) -> str:
    """Whether letters can be issued, and if not, why not."""
    if issue.letters:
        return DUE
    if issue.decision.outcome == "undecided":
        return UNDECIDED
    has_own = bool(issue.decided.facts.record.meeting)
    if issue.problems and not has_own and all(problem.code == "missing-meeting" for problem in issue.problems):
        return NEEDS_MEETING
    return HELD if issue.problems else NOTHING


def show_fault(number: int, source: str, row: int, why: str) -> bytes:
    """What is shown of a row that could not be used: its place, and why."""
    line = {"row": row, "source": source, "due": "not used", "why": "This row could not be used.", "problems": why}
    return squeeze(json.dumps({"lines": [line], "messages": [], "letters": []}, ensure_ascii=False, sort_keys=True))


def read_shown(content: bytes | None) -> dict[str, Any]:
    """What was shown of a row; nothing before it was decided."""
    if content is None:
        return {"lines": [], "messages": [], "letters": []}
    found: dict[str, Any] = json.loads(unsqueeze(content))
    return found
