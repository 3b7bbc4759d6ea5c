"""Django's settings. What differs between installations comes from the environment; docs/ says which names there are."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from sightline.core.registry import django_apps
from sightline.runtime import paths, postgres

PACKAGE = Path(__file__).resolve().parent


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _whole(name: str, default: int | None) -> int | None:
    """A whole number above nought; None where nothing is set and nothing is usual."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdigit() or int(given) == 0:
        raise ImproperlyConfigured(f"{name} is '{given}', which is no whole number above nought")
    return int(given)


def _one_of(name: str, *choices: str) -> str:
    given = os.environ.get(name, "").strip() or choices[0]
    if given not in choices:
        raise ImproperlyConfigured(f"{name} is '{given}'; it can be {', '.join(choices)}")
    return given


def _app_role() -> str:
    """The database user that the web application connects as; `migrate` grants it its rights."""
    try:
        named = conninfo_to_dict(os.environ.get("SIGHTLINE_APP_DATABASE_URL", "")).get("user")
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            "SIGHTLINE_APP_DATABASE_URL is not a PostgreSQL address: postgresql://user:password@host:port/name"
        ) from error
    return str(named or postgres.APP_ROLE)


def _database(serving: bool) -> dict[str, Any]:
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    url = (os.environ.get("SIGHTLINE_APP_DATABASE_URL") if serving else "") or os.environ.get("DATABASE_URL")
    if not url:
        role = postgres.APP_ROLE if serving else postgres.ROLE
        return common | postgres.embedded().address().django() | {"USER": role}
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        # The address holds a password: say what is wrong without repeating it.
        raise ImproperlyConfigured(
            "DATABASE_URL is not a PostgreSQL address: postgresql://user:password@host:port/name"
        ) from error
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return (
        common
        | {setting: str(parts.pop(name, "")) for name, setting in names.items()}
        | {"OPTIONS": {key: value for key, value in parts.items() if value is not None}}
    )


SERVING = os.environ.get("SIGHTLINE_SERVING") == "1"
DEBUG = os.environ.get("SIGHTLINE_DEBUG") == "1"
SECRET_KEY = paths.secret_key()
ALLOWED_HOSTS = _list("SIGHTLINE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _list("SIGHTLINE_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    # Second factors, sign-in with an identity provider, and the list of one's sessions. Its addresses and pages are not used: ours are.
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    *django_apps(),
]

MIDDLEWARE = [
    "sightline.web.giving_way.Counted",
    "django.middleware.security.SecurityMiddleware",
    "sightline.web.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sightline.web.reading.Trail",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sightline.web.sessions.SessionLimits",
    "sightline.web.parked.ParkedForms",
    "sightline.web.sessions.SignInFirst",
    "sightline.web.sessions.SecondFactorFirst",
    "sightline.web.rules.LocalRules",
    "sightline.web.doors.Doorkeeper",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sightline.web.views.errors.ProblemPages",
]

ROOT_URLCONF = "sightline.web.urls"
WSGI_APPLICATION = "sightline.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "sightline.web.templating.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The record. The web application (`serve` says so) connects as a user who cannot alter the audit; commands connect as the owner.
APP_DATABASE_ROLE = _app_role()
APP_DATABASE = _database(serving=True)
DATABASES = {"default": APP_DATABASE if SERVING else _database(serving=False)}
DATABASE_IS_EMBEDDED = not os.environ.get("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Access
AUTH_USER_MODEL = "access.User"
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "sightline.web.views.errors.csrf_failed"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Behind a proxy that ends TLS: cookies travel over TLS only, and the proxy's word for that is trusted.
_behind_tls = os.environ.get("SIGHTLINE_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _behind_tls
SECURE_HSTS_SECONDS = 31_536_000 if _behind_tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _behind_tls else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = (_whole("SIGHTLINE_SESSION_HOURS", 8) or 8) * 60 * 60
# Where nothing is set, an invented partnership is lenient and a real one strict: core/access/sessions.py and factors.py say how.
SESSION_IDLE_MINUTES = _whole("SIGHTLINE_IDLE_MINUTES", None)
SESSIONS_AT_MOST = _whole("SIGHTLINE_SESSIONS_AT_MOST", None)
SECOND_FACTOR = _one_of("SIGHTLINE_SECOND_FACTOR", "by records", "required", "optional")
# A recovery link works once and for an hour.
PASSWORD_RESET_TIMEOUT = 60 * 60
MFA_ADAPTER = "sightline.core.access.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Sightline"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Nobody signs up, and no e-mail is sent or needed.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# Signing in with the operator's identity provider (OpenID Connect).
OIDC_ISSUER = os.environ.get("SIGHTLINE_OIDC_ISSUER", "").strip().rstrip("/")
OIDC_NAME = os.environ.get("SIGHTLINE_OIDC_NAME", "").strip() or "your organisation's account"
OIDC_CLIENT_ID = os.environ.get("SIGHTLINE_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("SIGHTLINE_OIDC_CLIENT_SECRET", "")
OIDC_USERNAME_CLAIM = os.environ.get("SIGHTLINE_OIDC_USERNAME_CLAIM", "").strip() or "preferred_username"
OIDC_ROLES = os.environ.get("SIGHTLINE_OIDC_ROLES", "").strip()
OIDC_SECOND_FACTOR = _one_of("SIGHTLINE_OIDC_SECOND_FACTOR", "claimed", "trusted")
SOCIALACCOUNT_ADAPTER = "sightline.web.provider.Adapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_STORE_TOKENS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What a search says of people whom the searcher may not see: that they are known and whom to ask, or nothing.
RESTRICTED_HITS = _one_of("SIGHTLINE_RESTRICTED_HITS", "existence", "nothing")

# E-mail: the daily digest, which holds no personal data. Without a server none is sent.
PUBLIC_ADDRESS = os.environ.get("SIGHTLINE_ADDRESS", "").strip().rstrip("/")
EMAIL_HOST = os.environ.get("SIGHTLINE_SMTP_HOST", "").strip()
EMAIL_PORT = _whole("SIGHTLINE_SMTP_PORT", 587)
EMAIL_HOST_USER = os.environ.get("SIGHTLINE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SIGHTLINE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _one_of("SIGHTLINE_SMTP_TLS", "starttls", "none") == "starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SIGHTLINE_MAIL_FROM", "").strip() or "sightline@localhost"

# Words, days and times
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"

# Files
STATIC_URL = "static/"
VAR_DIR = paths.var_dir()
STATIC_ROOT = paths.var_dir() / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": paths.var_dir() / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "sightline.runtime.log.PrivateFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A refusal is in the audit, with who and why; here it would be noise.
    "loggers": {"django.request": {"level": "ERROR"}},
}
