"""An OpenID provider (Microsoft, Google, a council's own): where it signs people in, and whom it has signed in.

Nothing is kept between the way there and the way back: what must agree is made from the visitor's own cookie.
Source: OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 9700 (security of OAuth).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from service.errors import Problem, RequestError, SettingsError
from service.faults import log_fault
from service.memory.people.accounts import Account
from service.settings import Settings

SECONDS = 10
"""Longest wait for each answer of the provider."""
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
CLOCKS_APART = 60
"""Seconds by which the provider's clock may differ from ours."""
_YES = (True, "true", "1")
_NAMES = {"login.microsoftonline.com": "Microsoft", "accounts.google.com": "Google"}


@dataclass(frozen=True, slots=True)
class AccountProvider:
    """The provider as the settings name it."""

    issuer: str
    client: str
    secret: str = field(repr=False)

    @property
    def name(self) -> str:
        """What the button calls it."""
        return _NAMES.get(urlsplit(self.issuer).hostname or "", "your organisation's account")

    def address(self, token: str, to: str, back: str) -> str:
        """Where a visitor with this cookie signs in, to come back to `back` and go on to `to`.

        Raises RequestError when the provider does not answer.
        """
        try:
            with self._session(back) as session:
                begins = self._metadata(session)["authorization_endpoint"]
                nonce, verifier = _made_from(token, "nonce"), _made_from(token, "verifier")
                address, _ = session.create_authorization_url(
                    begins, state=_state(token, to), nonce=nonce, code_verifier=verifier
                )
                return str(address)
        except (requests.RequestException, AuthlibBaseError, KeyError, ValueError, TypeError) as error:
            raise self._silent(error) from None

    def find_account(self, token: str, back: str, answer: str, words: dict[str, str]) -> tuple[Account, str]:
        """The account that was signed in, from the address that the provider sent the visitor back to, and where the
        visitor goes on.

        Raises RequestError when it is not the answer to this visitor's question, or says no.
        """
        proof, _, to = words.get("state", "").partition(".")
        if not hmac.compare_digest(proof.encode(), _made_from(token, f"state {to}").encode()):
            raise _start_again("This sign-in was begun in another window, or too long ago. Begin again.")
        if "code" not in words:
            raise _start_again(f"You were not signed in with {self.name}. Begin again, or use your password.")
        try:
            with self._session(back) as session:
                return self._read(session, token, answer, words["state"]), to
        except AuthlibBaseError as error:
            log_fault(error)
            raise _start_again(f"{self.name[:1].upper()}{self.name[1:]} did not confirm it. Begin again.") from None
        except (requests.RequestException, JoseError, KeyError, ValueError, TypeError) as error:
            raise self._silent(error) from None

    def _read(self, session: OAuth2Session, token: str, answer: str, state: str) -> Account:
        metadata = self._metadata(session)
        verifier = _made_from(token, "verifier")
        given = session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=answer,
            state=state,
            code_verifier=verifier,
            timeout=SECONDS,
        )
        keys = KeySet.import_key_set(cast(KeySetSerialization, _get(session, metadata["jwks_uri"])))
        claims = jwt.decode(given["id_token"], keys, algorithms=list(SIGNED_WITH)).claims
        jwt.JWTClaimsRegistry(
            leeway=CLOCKS_APART,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": _made_from(token, "nonce")},
        ).validate(claims)
        if "email" not in claims and "userinfo_endpoint" in metadata:
            further = _get(session, metadata["userinfo_endpoint"], with_token=True)
            claims = {**further, **claims} if further.get("sub") == claims["sub"] else claims
        is_verified = any(claims.get(word) in _YES for word in ("email_verified", "xms_edov"))  # the latter Microsoft's
        return Account(self.issuer, str(claims["sub"]), str(claims.get("email", "")), is_verified)

    def _metadata(self, session: OAuth2Session) -> dict[str, Any]:
        """What the provider says of itself."""
        found = _get(session, self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ValueError("the provider calls itself otherwise than OIDC_ISSUER does")
        return found

    def _session(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self.client, self.secret, scope="openid email", redirect_uri=back, code_challenge_method="S256"
        )

    def _silent(self, error: Exception) -> RequestError:
        """Say it to the person without what the provider said, which may name somebody; log where it happened."""
        log_fault(error)
        sentence = (
            f"Signing in with {self.name} does not work at the moment. Use your password, or try again in a few "
            "minutes. If it stays so, tell whoever looks after this service."
        )
        return RequestError("no-provider", "You are not signed in", Problem("no-provider", sentence))


def open_provider(settings: Settings) -> AccountProvider | None:
    """The provider of the settings, where they name one. Raises SettingsError when they name it in part."""
    parts = {
        "OIDC_ISSUER": settings.oidc_issuer,
        "OIDC_CLIENT": settings.oidc_client,
        "OIDC_SECRET": settings.oidc_secret,
    }
    missing = [name for name, value in parts.items() if not value]
    if len(missing) == len(parts):
        return None
    if missing:
        sentence = "Set all three of OIDC_ISSUER, OIDC_CLIENT and OIDC_SECRET, or none: they name one provider."
        raise SettingsError(Problem("wrong-setting", sentence, column=name) for name in missing)
    return AccountProvider(*parts.values())


def _get(session: OAuth2Session, address: str, with_token: bool = False) -> dict[str, Any]:
    answer = session.get(address, timeout=SECONDS, withhold_token=not with_token)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError("an answer of the provider is no JSON object")
    return found


def _state(token: str, to: str) -> str:
    return f"{_made_from(token, f'state {to}')}.{to}"


def _made_from(token: str, what: str) -> str:
    """Something random that only this visitor's cookie gives; 64 characters."""
    return hmac.digest(token.encode(), f"account {what}".encode(), hashlib.sha256).hex()


def _start_again(sentence: str) -> RequestError:
    return RequestError("not-signed-in", "You are not signed in", Problem("not-signed-in", sentence))
