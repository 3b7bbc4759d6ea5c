"""Signing in, recovery, one's own account."""

from .rights import EVERYONE, Table

TABLE: Table = {
    "sign-in-second": (None, {}, False),
    "sign-in-provider": (None, {}, False),
    "openid_connect_callback": (None, {"provider_id": "operator"}, False),
    "recover": (None, {"kind": "password", "user_id": "1", "token": "none"}, False),
    "account": (EVERYONE, {}, False),
    "account-password": (EVERYONE, {}, False),
    "account-sessions-end": (EVERYONE, {}, True),
    "confirm": (EVERYONE, {}, False),
    "second-factors": (EVERYONE, {}, False),
    "second-factor-app": (EVERYONE, {}, False),
    "second-factor-passkey": (EVERYONE, {}, False),
    "recovery-codes": (EVERYONE, {}, False),
    "second-factor-remove": (EVERYONE, {}, False),
    "recovery": (frozenset({"administrator"}), {}, False),
    "recovery-link": (frozenset({"administrator"}), {}, True),
}
