"""A batch from its start to its end, with everything that people do to it and everything that happens meanwhile."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import text

from service.batches.results.outcomes import rows_of
from service.batches.results.packing_up import index_csv, write_zip
from service.batches.stored import releasing
from service.batches.stored.batch_asked import BatchAsked
from service.batches.stored.shown import read_shown
from service.batches.stored.starting import keep_export, start_batch
from service.batches.stored.working import MOST_TRIES, Worker
from service.errors import RequestError
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.purging import purge
from service.memory.keeping.restoring import restore
from service.memory.memory import open_school
from service.memory.reading_notes import Hold, Notes
from service.memory.remembered import number_of
from service.storage.batched.work_search import free_owners
from service.storage.pupil_rows import rows_about
from tests.batches.stored.working_batches import (
    assert_all_issued_once,
    begin,
    decided,
    letters_of,
    now,
    release,
    take_many,
    work,
)
from tests.invented import ON, make_marks
from tests.memory.living import TWENTY_ABSENCES, due, ill, issue, memory_of, note, take


def index_lines(memory, number) -> list[dict[str, str]]:
    """The index of a batch."""
    content = b"".join(index_csv(memory, open_school(memory), number)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def index(memory, number) -> dict[str, dict[str, str]]:
    """The index of a batch, a line for each pupil by reference."""
    return {line["Pupil reference"]: line for line in index_lines(memory, number)}


def zipped(memory, number) -> bytes:
    """The ZIP of a batch."""
    out = io.BytesIO()
    write_zip(memory, open_school(memory), number, out)
    return out.getvalue()


def test_a_batch_is_decided_released_and_issued_once(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        well = ill(pupil_reference="well", marks=make_marks([]))
        take(memory, *(ill(pupil_reference=str(number)) for number in (1, 2, 3)), well)
        number = begin(memory)
        assert now(memory, number).batch.state == "understood"
        work(memory)
        assert now(memory, number).batch.state == "decided"
        assert now(memory, number).rows == {"due": 3, "no letter": 1}
        release(memory, number)
        work(memory)
        ended = now(memory, number)
        assert (ended.batch.state, ended.rows["issued"], ended.batch.released_by) == ("finished", 3, "JM")
        assert_all_issued_once(memory, 3)
        assert due(memory)["1"].letter == ""
        second = decided(memory)
        assert "due" not in now(memory, second).rows


def test_the_results_are_the_letters_as_issued_and_the_same_each_time(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 2)
        number = decided(memory)
        release(memory, number)
        work(memory)
        first = zipped(memory, number)
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            names = archive.namelist()
            line = index(memory, number)["1"]
            content = memory.files.get(open_school(memory).id, letters_of(memory, "1")[0])
            assert archive.read(line["File"]) == content
        assert names[-1] == "index.csv"
        assert line["Letter"] == "School Letter 1"
        assert zipped(memory, number) == first


def test_nothing_is_released_that_nobody_has_seen(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take_many(memory, 2)
        number, here = decided(memory), open_school(memory)
        seen = releasing.look(memory, here, number)
        releasing.leave_out(memory, here, number, number_of(memory, here, "1"), "a call from home", "JM")
        for wrong in (seen, "", "abc"):
            with pytest.raises(RequestError, match="changed since you looked"):
                releasing.release(memory, here, number, wrong)


def test_a_pupil_who_changed_since_the_release_is_not_written_to_until_somebody_looks_again(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 3)
        number, here = decided(memory), open_school(memory)
        release(memory, number)
        note(memory, "2", Notes(hold=Hold(None, "a court order")))
        work(memory)
        ended = now(memory, number)
        assert (ended.batch.state, ended.rows) == ("finished with problems", {"issued": 2, "changed": 1})
        assert letters_of(memory, "2") == []
        assert "since you looked" in index(memory, number)["2"]["What stopped it"]
        assert releasing.retry(memory, here, number) == 1
        work(memory)
        assert now(memory, number).rows == {"issued": 2, "held": 1}
        assert "a court order" in index(memory, number)["2"]["What stopped it"]


def test_who_is_left_out_and_which_letter_was_chosen_stand_in_the_index_with_who_and_why(tmp_path) -> None:
    earlier = [{"on": "2026-10-01", "event": "letter_1"}]
    with memory_of(tmp_path) as memory:
        take(memory, ill(pupil_reference="1"), ill(pupil_reference="2", history=earlier), ill(pupil_reference="3"))
        number, here = decided(memory), open_school(memory)
        releasing.leave_out(memory, here, number, number_of(memory, here, "1"), "a call from home", "JM")
        releasing.choose_letter(memory, here, number, number_of(memory, here, "2"), "letter_2", "spoken to", "JM")
        work(memory)
        assert now(memory, number).batch.state == "decided"
        release(memory, number)
        work(memory)
        lines = index(memory, number)
        assert lines["1"]["What stopped it"] == "Left out by JM: a call from home"
        assert [lines[name]["Letter"] for name in "123"] == ["", "School Letter 2", "School Letter 1"]


def test_a_cancelled_batch_issues_nothing_more_and_work_in_hand_is_thrown_away(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 2)
        number, here = decided(memory), open_school(memory)
        release(memory, number)
        put, first = memory.files.put, iter([True])

        def put_and_cancel(school, content):
            if next(first, False):  # files are kept side by side
                releasing.cancel(memory, here, number, "the wrong day", "JM")
            return put(school, content)

        memory.files.put = put_and_cancel
        work(memory)
        assert now(memory, number).batch.state == "cancelled"
        assert letters_of(memory, "1") == letters_of(memory, "2") == []
        with pytest.raises(RequestError, match="ended already"):
            releasing.cancel(memory, here, number, "")


def test_a_worker_that_was_frozen_past_its_lease_changes_nothing_when_it_wakes(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 2)
        number = decided(memory)
        release(memory, number)
        put, thawed = memory.files.put, []

        def put_and_freeze(school, content):
            if not thawed:
                thawed.append(True)
                with memory.database.write() as connection:
                    free_owners(connection, ["frozen"])  # its lease is over
                assert work(memory) == 1
            return put(school, content)

        memory.files.put = put_and_freeze
        work(memory, "frozen")
        assert thawed
        assert now(memory, number).batch.state == "finished"
        assert_all_issued_once(memory, 2)


def test_a_lease_given_before_the_clock_was_set_back_is_over(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 1)
        begin(memory)
        worker = Worker(memory, "elsewhere:1:x")
        assert worker._claim(0)
        assert work(memory) == 0
        with memory.database.write() as connection:
            connection.execute(text("UPDATE chunk SET lease = '2099-01-01T00:00:00.000Z'"))
        assert work(memory) == 1


def test_a_row_that_ends_every_program_is_left_out_and_the_others_are_done(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 5)
        number, poison = begin(memory), 3
        while now(memory, number).batch.state == "understood":
            worker = Worker(memory, "elsewhere:1:x")
            mine = worker._claim(0)
            if mine.first <= poison <= mine.last and mine.tries <= MOST_TRIES:
                with memory.database.write() as connection:
                    free_owners(connection, ["elsewhere:1:x"])  # it died
            else:
                worker._do(mine)
        assert now(memory, number).rows == {"due": 4, "failed": 1}
        release(memory, number)
        work(memory)
        assert now(memory, number).batch.state == "finished with problems"
        assert letters_of(memory, "3") == []
        left_out = index(memory, number)["3"]
        assert (left_out["Row"], left_out["Last name"], left_out["Registration group"]) == ("3", "Ash", "8B")
        assert "ended each time" in left_out["What stopped it"]


def test_meetings_are_given_out_in_the_order_of_the_pupils(tmp_path) -> None:
    slots = [
        {"meeting_date": f"2026-11-{day}", "meeting_time": "9 am", "meeting_place": "Room 1", "meeting_with": "Ms Vale"}
        for day in (26, 27)
    ]
    history = [{"on": "2026-10-01", "event": "letter_1"}, {"on": "2026-10-15", "event": "letter_2"}]
    late = make_marks([*TWENTY_ABSENCES, *((f"2026-11-{day} AM", "O") for day in (10, 11, 12))])
    invited = {"history": history, "marks": late, "parent_engaged": False}
    with memory_of(tmp_path) as memory:
        take(memory, *(ill(pupil_reference=str(number), **invited) for number in (1, 2, 3)))
        number = decided(memory, slots=slots)
        assert now(memory, number).rows == {"due": 2, "no meeting": 1}
        release(memory, number)
        work(memory)
        shown = [read_shown(row.shown)["letters"] for row in rows_of(memory, open_school(memory), number)]
        invited = [letters[0]["words"]["meeting_date_long"] for letters in shown if letters]
        assert invited == ["Thursday 26 November 2026", "Friday 27 November 2026"]


def test_an_export_is_understood_by_whoever_works_and_kept_no_longer(url, tmp_path) -> None:
    export = tmp_path / "pupils.csv"
    export.write_text(
        "UPN,First name,Last name,Possible,Attended\nH123456789012,Robin,Ash,104,94\nnonsense,Jo,Elm,100,200\n",
        encoding="utf-8",
    )
    with memory_of(tmp_path, url) as memory:
        here = open_school(memory)
        upload = keep_export(memory, here, export)
        number = start_batch(memory, here, BatchAsked(memory.desk.policy("bradford"), ON), upload)
        assert now(memory, number).batch.state == "uploaded"
        work(memory)
        assert now(memory, number).batch.state == "decided"
        assert memory.files.get(here.id, upload.file) is None


def test_an_export_that_cannot_be_used_ends_its_batch_with_the_reason(tmp_path) -> None:
    export = tmp_path / "pupils.csv"
    export.write_text("Colour,Shape\nred,round\n", encoding="utf-8")
    with memory_of(tmp_path) as memory:
        here = open_school(memory)
        upload = keep_export(memory, here, export)
        number = start_batch(memory, here, BatchAsked(memory.desk.policy("bradford"), ON), upload)
        work(memory)
        ended = now(memory, number).batch
        assert ended.state == "cancelled"
        assert "pupils" in ended.ended_why
        assert memory.files.get(here.id, upload.file) is None


def start_with_export(memory, tmp_path) -> int:
    """A batch that has not read its export yet."""
    export = tmp_path / "pupils.csv"
    export.write_text("UPN,First name,Last name,Possible,Attended\nH123456789012,Robin,Ash,104,94\n", encoding="utf-8")
    here = open_school(memory)
    return start_batch(memory, here, BatchAsked(memory.desk.policy("bradford"), ON), keep_export(memory, here, export))


def test_the_same_export_in_two_batches_is_read_by_both(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        numbers = [start_with_export(memory, tmp_path) for _ in range(2)]
        work(memory)
        assert [now(memory, number).batch.state for number in numbers] == ["decided", "decided"]
        assert list(memory.files.hashes(open_school(memory).id)) == []


def test_nobody_is_erased_while_an_export_waits_that_may_bring_the_pupil_back(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(pupil_reference="1"))
        here, number = open_school(memory), start_with_export(memory, tmp_path)
        pupil = number_of(memory, here, "1")
        with pytest.raises(RequestError, match="not read its export yet"):
            erase_pupil(memory, here, pupil)
        releasing.cancel(memory, here, number, "too early")
        erase_pupil(memory, here, pupil)
        assert list(memory.files.hashes(here.id)) == []


def test_a_backup_brings_no_export_back_that_nobody_had_read(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        number = start_with_export(memory, tmp_path)
        back_up(memory, tmp_path / "backup.zip")
        restore(memory, tmp_path / "backup.zip", may_replace=True)
        restored = now(memory, number).batch
        assert (restored.state, work(memory)) == ("cancelled", 0)
        assert "Start the batch again" in restored.ended_why
        assert list(memory.files.hashes(open_school(memory).id)) == []


def test_what_a_batch_holds_of_a_pupil_is_told_and_goes_when_the_pupil_is_erased(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take_many(memory, 2)
        number, here = decided(memory), open_school(memory)
        release(memory, number)
        work(memory)
        pupil = number_of(memory, here, "1")
        with memory.database.read() as connection:
            (told,) = rows_about(connection, here.id, pupil)["batch_row"]
        assert told["shown"]["letters"][0]["words"]
        erase_pupil(memory, here, pupil)
        assert set(index(memory, number)) == {"2"}


def test_old_batches_are_deleted_with_the_letters_of_their_day(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 2)
        number, here = decided(memory), open_school(memory)
        release(memory, number)
        work(memory)
        waiting = start_with_export(memory, tmp_path)
        assert purge(memory, here, date(2029, 8, 31)).total == 0
        done = purge(memory, here, date(2029, 9, 1))
        assert (done.batches, done.letters) == (2, 2)
        for gone in (number, waiting):
            with pytest.raises(RequestError, match="There is no batch"):
                now(memory, gone)
        assert list(memory.files.hashes(here.id)) == []


def test_a_pupil_who_had_a_letter_on_this_day_waits_and_the_index_says_so(tmp_path) -> None:
    history = [{"on": "2026-10-01", "event": "letter_1"}]
    late = make_marks([*TWENTY_ABSENCES, ("2026-11-10 AM", "N")])
    with memory_of(tmp_path) as memory:
        take(memory, ill(pupil_reference="1", history=history, marks=late))
        assert issue(memory, "1").kept
        number = decided(memory)
        assert now(memory, number).rows == {"held": 1}
        assert "was issued on this day already" in index(memory, number)["1"]["What stopped it"]


def test_a_meeting_is_not_used_up_by_a_pupil_of_whose_own_meeting_something_is_missing(tmp_path) -> None:
    slot = {"meeting_date": "2026-11-26", "meeting_time": "9 am", "meeting_place": "Room 1"}
    history = [{"on": "2026-10-01", "event": "letter_1"}, {"on": "2026-10-15", "event": "letter_2"}]
    late = make_marks([*TWENTY_ABSENCES, *((f"2026-11-{day} AM", "O") for day in (10, 11, 12))])
    invited = {"history": history, "marks": late, "parent_engaged": False}
    with memory_of(tmp_path) as memory:
        take(
            memory, ill(pupil_reference="1", meeting_date="2026-12-03", **invited), ill(pupil_reference="2", **invited)
        )
        number = decided(memory, slots=[slot])
        assert now(memory, number).rows == {"held": 1, "due": 1}
