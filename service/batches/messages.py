"""The messages of a run, for the school's app or its text messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.batches.run import RunRow

WHO = {
    "row": "Row",
    "upn": "UPN",
    "pupil_reference": "Pupil reference",
    "last_name": "Last name",
    "first_name": "First name",
    "registration_group": "Registration group",
}
MESSAGE_COLUMNS = WHO | {"recipient": "Recipient", "message": "Message"}
MESSAGES = "messages.csv"


def message_rows(item: RunRow) -> Iterator[dict[str, Any]]:
    """The lines for the school's app: to whom, and the message."""
    record = item.row.record
    for letter in item.issue.letters if item.issue else ():
        if letter.message and record:
            yield {
                "row": item.row.number,
                "upn": record.upn,
                "pupil_reference": record.pupil_reference,
                "last_name": record.last_name,
                "first_name": record.first_name,
                "registration_group": record.registration_group,
                "recipient": letter.recipient.name,
                "message": letter.message,
            }
