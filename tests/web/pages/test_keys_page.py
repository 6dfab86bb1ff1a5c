"""Keys for programs on their page: shown once, good for what they may, ended at once."""

from __future__ import annotations

import re

from service.web.example import EXAMPLE


def ask(office, key: str):
    """A program asks about a pupil."""
    body = {"on": EXAMPLE["on"], "policy": "bradford", "pupils": [EXAMPLE["pupil"]]}
    head = {"Authorization": f"Bearer {key}"}
    return office.app.test_client().post("/v1/decisions", json=body, headers=head)


def test_a_key_is_shown_once_works_and_is_revoked(office) -> None:
    visitor = office.visit()
    page = visitor.send("/settings/keys", name="Our MIS", scope=["decide"], kind="live").text
    (key,) = re.findall(r"al_live_[\w-]{43}", page)
    assert ask(office, key).status_code == 200
    again = visitor.text("/settings/keys")
    assert key not in again
    assert "Our MIS" in again
    assert "decide about pupils" in again
    number = re.search(r"/settings/keys/(\d+)/revoke", again)[1]
    done = visitor.send(f"/settings/keys/{number}/revoke")
    assert done.status_code == 303
    assert "is revoked" in visitor.text(done.headers["Location"])
    assert ask(office, key).status_code == 401
    assert f"/settings/keys/{number}/revoke" not in visitor.text("/settings/keys")


def test_what_a_key_lacks_is_told_at_once_and_what_was_typed_stays(office) -> None:
    visitor = office.visit()
    answer = visitor.send("/settings/keys", name=" ", kind="test")
    assert answer.status_code == 422
    assert "Say what the key is for" in answer.text
    assert "Say what the key may do" in answer.text
    assert '<option value="test" selected>' in answer.text
    assert "al_test_" not in answer.text


def test_another_schools_key_cannot_be_revoked(office) -> None:
    answer = office.visit().send("/settings/keys/999/revoke")
    assert answer.status_code == 422
    assert "There is no key 999" in answer.text
