"""The invented school that the service starts with, until it is told of a real one."""

from __future__ import annotations

from service.attendance.school import School

SAMPLE_WORDS = {
    "school_name": "Weir Lane School",
    "school_address_line_1": "Weir Lane",
    "school_address_line_2": "Oxley Bridge",
    "school_postcode": "ZE9 9ZZ",
    "school_telephone": "01632 960123",
    "school_email": "attendance@weirlane.example",
    "school_website": "www.weirlane.example",
    "headteacher_name": "Mrs L Fairweather",
    "sender_name": "Mr J Marlowe",
    "sender_role": "Attendance officer",
    "local_authority_name": "Oxley Council",
    "local_authority_address_line_1": "Education Welfare Service",
    "local_authority_address_line_2": "Town Hall",
    "local_authority_address_line_3": "Oxley Bridge",
    "local_authority_postcode": "ZE1 1AA",
    "local_authority_telephone": "01632 960456",
    "local_authority_email": "welfare@oxley.example",
    "local_authority_officer_name": "Ms T Garrick",
}
SAMPLE_SENDERS = {"Child and family support worker": "Ms P Reed"}
SAMPLE_SCHOOL = School(SAMPLE_WORDS, policy="bradford", lessons_per_day=5, senders=SAMPLE_SENDERS)
