"""Second factors: an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), and recovery codes for when neither is at hand.

django-allauth keeps them and does their arithmetic; counting failures and auditing is `sign_in`'s, the pages are ours.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.sessions import where_from
from sightline.core.access.standing import standing
from sightline.core.audit.record import What, note
from sightline.core.errors import SetUpProblem

#: Whoever may no more than this sees no child and administers nothing.
HARMLESS = frozenset({Permission.SEE_FIGURES, Permission.RECORD_FEEDBACK})
APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
WORDS = {APP: "authenticator app", PASSKEY: "passkey", CODES: "recovery code"}

# What a browser sends is not to be trusted, and fido2 has a different complaint for each way of being wrong.
_NOT_AN_ANSWER = (ValidationError, ValueError, KeyError, TypeError, AttributeError, InvalidSignature)


class Adapter(DefaultMFAAdapter):  # type: ignore[misc] # (allauth has no types)
    """Keeps secrets encrypted with a key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was given."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as problem:
            raise SetUpProblem(
                "The second factors of this installation cannot be read: its secret key is not the one they were made with",
                "SIGHTLINE_SECRET_KEY, or var/secret-key",
                "Put the former key back, or remove each person's second factors: ./sightline users reset NAME --second-factor",
            ) from problem

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, as an authenticator shows it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Sightline"}


def _cipher() -> Fernet:
    key = hashlib.sha256(b"sightline second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def role_needs_one(role: str) -> bool:
    """Whether the role sees children or administers."""
    found = ROLES.get(role)
    return found is not None and not found.permissions <= HARMLESS


def needed(user: User) -> bool:
    """Whether the user may do nothing without a second factor. Invented records need none unless the installation says so."""
    if settings.SECOND_FACTOR == "optional" or not role_needs_one(user.role):
        return False
    return settings.SECOND_FACTOR == "required" or not standing().invented


def factors_of(user: User) -> list[Authenticator]:
    """The user's authenticator app and passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type__in=(APP, PASSKEY)).order_by("created_at", "pk"))


def kinds_of(user: User) -> set[str]:
    """Which kinds of second factor the user has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def describe(factor: Authenticator) -> str:
    """A factor in the words its user knows it by."""
    return f"passkey “{factor.wrap().name}”" if factor.type == PASSKEY else str(WORDS[factor.type])


# Authenticator app


def new_secret() -> str:
    """A secret for an authenticator app."""
    return str(totp.generate_totp_secret())


def qr_code(user: User, secret: str) -> str:
    """The picture an authenticator app takes the secret from, as the address of an image."""
    svg = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def add_app(request: HttpRequest, user: User, secret: str, code: str) -> bool:
    """Take an app as second factor if the code shows that it has the secret. A former app is replaced."""
    counter = _counter(secret, code, after=-1)
    if counter is None:
        return False
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=APP).delete()
        Authenticator.objects.create(user=user, type=APP, data={"secret": encrypt(secret), "last": counter})
        _added(request, user, "authenticator app")
    return True


def code_fits(user: User, code: str) -> str | None:
    """Which factor a typed code proves, in words; None where it proves none. Each code works once."""
    with transaction.atomic():
        app = Authenticator.objects.select_for_update().filter(user=user, type=APP).first()
        if app is not None:
            counter = _counter(decrypt(app.data["secret"]), code, after=app.data.get("last", -1))
            if counter is not None:
                app.data["last"] = counter
                app.save(update_fields=["data"])
                app.record_usage()
                return WORDS[APP]
    codes = Authenticator.objects.filter(user=user, type=CODES).first()
    if codes is not None and RecoveryCodes(codes).validate_code(code):
        return WORDS[CODES]
    return None


def _counter(secret: str, code: str, *, after: int) -> int | None:
    """The time step whose code this is, if it is later than `after`: a code that someone looked at cannot be used again."""
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and compare_user_code(actual=code, expected=expected):
            return int(counter)
    return None


# Passkeys


def passkey_to_make(user: User) -> dict[str, Any]:
    """What a browser is asked to make a passkey from. Belongs to the present request's session."""
    return dict(webauthn.begin_registration(user, False))


def add_passkey(request: HttpRequest, user: User, name: str, credential: Any) -> bool:
    """Keep a passkey that the browser made; False where it does not answer what was asked."""
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except _NOT_AN_ANSWER:
        return False
    with transaction.atomic():
        webauthn.WebAuthn.add(user, name[:60] or "Passkey", credential)
        _added(request, user, "passkey")
    return True


def passkey_to_prove(user: User) -> dict[str, Any] | None:
    """What a browser is asked to prove a passkey with; None for someone without one."""
    if not Authenticator.objects.filter(user=user, type=PASSKEY).exists():
        return None
    return dict(webauthn.begin_authentication(user))


def passkey_fits(user: User, credential: Any) -> str | None:
    """`passkey` where the browser's answer proves one of the user's passkeys."""
    try:
        webauthn.parse_authentication_response(credential)
        found = webauthn.complete_authentication(user, credential)
    except _NOT_AN_ANSWER:
        return None
    found.record_usage()
    return WORDS[PASSKEY]


# Recovery codes


def new_recovery_codes(request: HttpRequest, user: User) -> list[str]:
    """Ten codes, each of which stands in for a second factor once; former ones work no more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=CODES).delete()
        codes = RecoveryCodes.activate(user)
        _added(request, user, "recovery codes")
    return [f"{code[:4]} {code[4:]}" for code in codes.generate_codes()]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes still work."""
    found = Authenticator.objects.filter(user=user, type=CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found is not None else 0


# Taking away


def may_remove(user: User) -> bool:
    """Whether one of the user's factors can go: not the last, where the role needs one."""
    return len(factors_of(user)) > 1 or not needed(user)


def remove(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Take away one of the user's factors; recovery codes go with the last."""
    with transaction.atomic():
        note(user.username, What.SECOND_FACTOR_REMOVED, describe(factor), where_from=where_from(request))
        factor.delete()
        if not factors_of(user):
            Authenticator.objects.filter(user=user, type=CODES).delete()


def remove_all(user: User, by: str, where: str = "") -> int:
    """Take away all of a user's factors, as when they are lost; returns how many things were taken."""
    with transaction.atomic():
        count, _ = Authenticator.objects.filter(user=user).delete()
        if count:
            note(by, What.SECOND_FACTOR_REMOVED, f"{user.username}: all", where_from=where)
    return int(count)


def _added(request: HttpRequest, user: User, what: str) -> None:
    note(user.username, What.SECOND_FACTOR_ADDED, what, where_from=where_from(request))
