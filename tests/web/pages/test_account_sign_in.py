"""Signing in with an account of an OpenID provider, a real one that runs on this machine."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import requests

from service.errors import SettingsError
from service.memory.people.signing_in import find_signed_in, make_link
from service.settings import PREFIX, read_settings
from service.web.shared.account_provider import AccountProvider, open_provider
from service.web.shared.visitor import COOKIE
from tests.web.pages.own_provider import EMAIL, People, invite_head, let_in_by, run_provider, use_account
from tests.web.pages.test_every_page import look_at

BACK = "/sign-in/account/back"
BUTTON = re.compile("^Sign in with")


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> People:
    """What the accounts claim."""
    return People(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def provider(people):
    """A provider that tells the e-mail address when it is asked for it."""
    with run_provider(people) as running:
        yield running


@pytest.fixture
def account_page(browser, office, address, provider):
    """A browser's page at the service, which knows the provider; the head was invited."""
    let_in_by(office.app, provider)
    invite_head(office)
    context = browser.new_context()
    yield context.new_page()
    context.close()


def come_with(page, address: str, account: str, path: str = "/") -> str:
    """Go to a page signed out, sign in with an account, and what the page says then."""
    page.context.clear_cookies()
    page.goto(address + path)
    page.get_by_role("button", name=BUTTON).click()
    use_account(page, account)
    page.wait_for_url(f"{address}/**")
    return page.locator("main").inner_text()


def test_somebody_who_was_invited_signs_in_and_goes_on_where_they_were(account_page, address) -> None:
    come_with(account_page, address, "head", "/letters")
    assert account_page.url == f"{address}/letters"
    assert account_page.locator("h1").inner_text() == "Letters that were issued"


def test_a_provider_that_puts_the_address_into_its_token_will_do(account_page, address, office, people) -> None:
    with run_provider(people, "in-token") as other:
        let_in_by(office.app, other)
        come_with(account_page, address, "microsoft")
        assert account_page.url == f"{address}/"


def test_axe_and_a_narrow_screen_find_nothing_on_the_way(account_page, address) -> None:
    assert look_at(account_page, f"{address}/sign-in", "sign-in") == []
    assert look_at(account_page, address + BACK, "back without an answer") == []


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        ("stranger", "Nobody was invited with the e-mail address of this account."),
        ("unconfirmed", "Your account has no confirmed e-mail address."),
    ],
)
def test_whoever_was_not_invited_or_is_not_confirmed_stays_outside(account_page, address, account, sentence) -> None:
    assert sentence in come_with(account_page, address, account)
    account_page.goto(f"{address}/")
    assert account_page.locator("h1").inner_text() == "Sign in"


def test_another_account_with_the_same_address_needs_a_new_link(account_page, address, office, people) -> None:
    number = invite_head(office)
    come_with(account_page, address, "head")
    assert "Another account is already used" in come_with(account_page, address, "other")
    people.claim("head", "ms.new-name@weirlane.example")
    said = come_with(account_page, address, "head")  # the account is known by what the provider calls it
    people.claim("head", EMAIL)
    assert account_page.url == f"{address}/", said
    make_link(office.memory, number)
    said = come_with(account_page, address, "other")
    assert account_page.url == f"{address}/", said


def test_an_answer_for_another_visitor_or_used_twice_signs_nobody_in(account_page, address, office) -> None:
    answers = []
    account_page.on("request", lambda request: answers.append(request.url) if BACK in request.url else None)
    come_with(account_page, address, "head")
    [answer] = answers
    for cookies in (None, account_page.context.cookies()):
        other = account_page.context.browser.new_context()
        if cookies:
            other.add_cookies(cookies)
        page = other.new_page()
        said = page.goto(answer)
        assert said.status == 422
        assert "Begin again." in page.locator("main").inner_text()
        other.close()


def test_an_answer_that_was_changed_signs_nobody_in(office, provider) -> None:
    let_in_by(office.app, provider)
    client = office.app.test_client()
    sent = client.get("/sign-in/account?to=/letters")
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith(f"{provider.issuer}/auth?")
    words = dict(part.split("=", 1) for part in sent.headers["Location"].partition("?")[2].split("&"))
    assert words["code_challenge_method"] == "S256"
    assert words["scope"] == "openid+email"
    state = requests.utils.unquote(words["state"])
    for bad in ("", state.replace("/letters", "/settings"), "f" + state[1:] if state[0] != "f" else "0" + state[1:]):
        answer = client.get(BACK, query_string={"state": bad, "code": "c"})
        assert "begun in another window" in answer.text
    for words, sentence in (({"error": "access_denied"}, "You were not signed in"), ({"code": "x"}, "did not confirm")):
        assert sentence in client.get(BACK, query_string={"state": state, **words}).text
    token = client.get_cookie(COOKIE).value
    assert find_signed_in(office.memory, token) is None


def test_the_way_on_never_leaves_the_site(office, provider) -> None:
    let_in_by(office.app, provider)
    sent = office.app.test_client().get("/sign-in/account?to=//elsewhere.example")
    assert "elsewhere" not in sent.headers["Location"]


def test_a_provider_that_does_not_answer_is_said_without_what_it_says(office, provider, caplog) -> None:
    gone = replace(provider, issuer="http://127.0.0.1:9")
    for broken in (gone, replace(provider, issuer=f"{provider.issuer}/")):
        let_in_by(office.app, broken)
        answer = office.app.test_client().get("/sign-in/account")
        assert answer.status_code == 422
        assert "does not work at the moment. Use your password" in answer.text
    assert "127.0.0.1" not in caplog.text


def test_a_provider_that_ends_in_the_middle_is_said(office, people) -> None:
    with run_provider(people) as short:
        let_in_by(office.app, short)
        client = office.app.test_client()
        sent = client.get("/sign-in/account")
    state = requests.utils.unquote(re.search(r"state=([^&]+)", sent.headers["Location"])[1])
    assert "does not work at the moment" in client.get(BACK, query_string={"state": state, "code": "c"}).text


def test_without_a_provider_there_is_no_button_and_no_way(office) -> None:
    let_in_by(office.app, None)
    client = office.app.test_client()
    assert "Sign in with" not in client.get("/sign-in").text
    assert client.get("/sign-in/account").status_code == client.get(BACK).status_code == 404


def test_the_settings_name_a_whole_provider_or_none() -> None:
    whole = {"OIDC_ISSUER": "https://accounts.google.com", "OIDC_CLIENT": "c", "OIDC_SECRET": "s3cret-words"}
    named = {PREFIX + name: value for name, value in whole.items()}
    assert open_provider(read_settings({})) is None
    settings = read_settings(named)
    assert open_provider(settings) == AccountProvider("https://accounts.google.com", "c", "s3cret-words")
    assert open_provider(settings).name == "Google"
    assert "s3cret-words" not in repr(settings) + repr(open_provider(settings))
    for name in named:
        with pytest.raises(SettingsError, match="Set all three"):
            open_provider(read_settings({key: value for key, value in named.items() if key != name}))
    with pytest.raises(SettingsError, match="begins with https"):
        read_settings({**named, f"{PREFIX}OIDC_ISSUER": "http://accounts.google.com"})
