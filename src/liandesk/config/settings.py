"""Settings of the one Django site. Everything an operator may change comes from the environment; see docs/how-to."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from liandesk.base.home import home, secret

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = secret("django")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LIANDESK_HOSTS", "127.0.0.1,localhost").split(",")
IS_HTTPS = os.environ.get("LIANDESK_HTTPS") == "1"  # behind a proxy that speaks TLS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if IS_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "liandesk.base.accounts",  # before allauth: its templates put allauth's pages into our frame
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "liandesk.base.audit",
    "liandesk.base.snapshots",
    "liandesk.base.facts",
    "liandesk.base.jobs",
    "liandesk.base.upkeep",
    "liandesk.base.ui",
    "liandesk.base.definitions",
    "liandesk.base.work",
    "liandesk.base.teamwork",
    "liandesk.know.registry",
    "liandesk.know.chain",
    "liandesk.know.sources",
    "liandesk.know.survey",
    "liandesk.assess.lists",
    "liandesk.assess.risk",
    "liandesk.assess.whatif",
    "liandesk.assess.rules",
    "liandesk.assess.listing",
    "liandesk.assess.per_mu",
    "liandesk.assess.policies",
    "liandesk.assess.events",
    "liandesk.assess.backups",
    "liandesk.assess.ladder",
    "liandesk.assess.incidents",
    "liandesk.assess.portfolio",
    "liandesk.act.insight",
    "liandesk.act.pipeline",
    "liandesk.act.deals",
    "liandesk.act.transfers",
    "liandesk.act.trials",
    "liandesk.act.services",
    "liandesk.steer.plan",
    "liandesk.steer.indicators",
    "liandesk.steer.texts",
    "liandesk.steer.supervision",
    "liandesk.steer.appraisal",
    "liandesk.steer.reports",
    "liandesk.steer.cockpit",
    "liandesk.refresh",
    "liandesk.demo",
    "django.forms",  # last: the frame's form templates come before Django's
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "liandesk.base.accounts.middleware.SignedInMiddleware",
    "liandesk.base.accounts.middleware.ViewerMiddleware",
    "liandesk.base.ui.middleware.UserErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "liandesk.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "liandesk.base.ui.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Transactions begin IMMEDIATE so that two writers queue instead of failing; FULL: a commit survives a power cut.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;",
}
_DATABASE = dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{home()}/liandesk.sqlite3")
IS_SQLITE = _DATABASE["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    _DATABASE["OPTIONS"] = {**_DATABASE.get("OPTIONS", {}), **_SQLITE_OPTIONS}
else:
    _DATABASE |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": _DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "liandesk.base.accounts.adapter.ClosedAdapter"  # nobody signs up; the operator makes accounts
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, and after SESSION_COOKIE_AGE at the latest
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Liandesk"
MFA_ADAPTER = "liandesk.base.accounts.adapter.SealedSecrets"
REQUIRE_MFA = os.environ.get("LIANDESK_REQUIRE_MFA", "1") == "1"  # never asked of the demo's cast
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time said on the page is the time it takes
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are audit events, without addresses
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:  # the browser itself refuses such a cookie from anywhere but this host over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "liandesk.base.ui.views.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler's icons in CSS and the QR code of the second factor
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = home() / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = home() / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
MAX_UPLOAD_BYTES = 100_000_000

NINJA_PAGINATION_MAX_LIMIT = 1000

DJANGO_TABLES2_TEMPLATE = "ui/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter card-table"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "liandesk.base.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LIANDESK_LOG_LEVEL", "WARNING")},
    "loggers": {"liandesk": {"level": os.environ.get("LIANDESK_LOG_LEVEL", "WARNING")}},
}
