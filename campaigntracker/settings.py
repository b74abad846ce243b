"""One settings file, driven by the environment. README lists every variable; a test holds the two together.

Nothing needs to be set to try the site: SQLite, an embedded Redis and a secret key of its own live in var/.
Setting SITE_URL to an https address makes the site a production one: see PRODUCTION.
"""

import ipaddress
import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Where the site is ------------------------------------------------------------------------------------

SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}: give the whole address, such as https://tracker.example.org"
    )
HTTPS = _site.scheme == "https"
PRODUCTION = env.bool("PRODUCTION", HTTPS)
DEBUG = env.bool("DEBUG", False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG shows visitors the inside of the site: unset it in production.")

DEMO = env.bool("DEMO", not PRODUCTION)  # whether script/server may load the demo into an empty database

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [_site.hostname, *env.list("ALLOWED_HOSTS", [])]
if not PRODUCTION:
    ALLOWED_HOSTS += LOCAL_HOSTS
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]


def _secret_key() -> str:
    """The signing key: from the environment, or (not in production) made once and kept in a private file."""
    if key := env.str("SECRET_KEY", ""):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. In production give one of your own, for example the output of: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    path = VAR_DIR / "secret_key"
    try:
        with path.open("x") as file:  # "x": two processes starting at once cannot both write one
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret_key()

# --- The rooms --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.accounts",
    "apps.campaigns",
    "apps.people",
    "apps.sources",
    "apps.notices",
    "apps.timeline",
    "apps.evidence",
    "apps.legislation",
    "apps.health",
    "apps.intake",
    "apps.reminders",
    "apps.press",
    "apps.desk",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "simple_history",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds noise of its own, so that lengths tell no secrets
    "csp.middleware.CSPMiddleware",
    "apps.desk.middleware.WithoutCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "apps.accounts.middleware.PersonalTimeZone",
    "apps.campaigns.middleware.AskToSignIn",
    "apps.desk.middleware.BusyDatabase",
]

ROOT_URLCONF = "campaigntracker.urls"
WSGI_APPLICATION = "campaigntracker.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.desk.context.site",
            ],
        },
    }
]

# --- The database -----------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{quote(str(VAR_DIR / 'db.sqlite3'))}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for a writer (WAL), and a transaction that will write asks for the lock at its start:
    # without IMMEDIATE two thirds of concurrent read-then-write transactions fail as "locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    # As on any disk without moving parts. With PostgreSQL's own 4 it reads whole tables where an index holds
    # the few rows that are asked for.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c random_page_cost=1.1")
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# --- Redis: Celery's broker and the shared cache ----------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
TICK_SECONDS = env.int("TICK_SECONDS", 30)
SEND_AGAIN_IN_DOUBT = env.str("SEND_AGAIN_IN_DOUBT", "resend")
if SEND_AGAIN_IN_DOUBT not in ("resend", "hold"):
    raise ImproperlyConfigured(
        f"SEND_AGAIN_IN_DOUBT is {SEND_AGAIN_IN_DOUBT!r}: give resend (once more, under the same Message-ID) "
        "or hold (for a person to decide)."
    )
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "look-for-due-reminders": {
        "task": "apps.reminders.tasks.look_now",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    "check-quotes": {
        "task": "apps.evidence.tasks.check_quotes",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    "tell-of-ends": {
        "task": "apps.evidence.tasks.tell_of_ends",
        "schedule": 5 * 60,
        "options": {"expires": 5 * 60},
    },
    "plan-every-reminder-again": {
        "task": "apps.reminders.tasks.plan_again",
        "schedule": 24 * 3600,
        "options": {"expires": 3600},
    },
    "look-at-promises": {
        "task": "apps.health.tasks.look_at_promises",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "look-at-queue": {
        "task": "apps.intake.tasks.look_at_queue",
        "schedule": 15 * 60,
        "options": {"expires": 15 * 60},
    },
    "work-on-imports": {
        "task": "apps.intake.tasks.work_on_imports",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "look-at-monitors": {
        "task": "apps.intake.tasks.look_at_monitors",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "look-at-bills": {
        "task": "apps.legislation.tasks.sync_legislation",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "recount-deadlines": {
        "task": "apps.legislation.tasks.recount_deadlines",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
}

# Sign-in throttling counts in the cache, so the cache must be one for all processes.
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "campaigntracker.cache.RedisOrFiles",
            "LOCATION": REDIS_URL,
            "OPTIONS": {
                "files": str(VAR_DIR / "cache"),
                "socket_connect_timeout": 2,
                "socket_timeout": 2,
            },
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    }

# --- E-mail -----------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    _email = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email["EMAIL_HOST"]
    EMAIL_PORT = _email["EMAIL_PORT"]
    EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
    EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"] or str(VAR_DIR / "mail")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)
if EMAIL_TIMEOUT < 1:
    raise ImproperlyConfigured(
        "EMAIL_TIMEOUT is in seconds, and at least 1: without one a sender hangs for ever."
    )
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Campaign Tracker <tracker@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The network ------------------------------------------------------------------------------------------


def _networks(name: str, given: list[str]) -> list[str]:
    for network in given:
        try:
            ipaddress.ip_network(network)
        except ValueError as wrong:
            raise ImproperlyConfigured(
                f"{name} has {network!r}, which is no network: write one like "
                "192.168.0.0/16, or 192.168.1.20/32 for one machine, with commas between several."
            ) from wrong
    return given


FETCH_ALLOWED_NETWORKS = _networks(
    "FETCH_ALLOWED_NETWORKS", env.list("FETCH_ALLOWED_NETWORKS", [], subcast=str.strip)
)
FETCH_READABLE_NETWORKS = _networks(
    "FETCH_READABLE_NETWORKS", env.list("FETCH_READABLE_NETWORKS", [], subcast=str.strip)
)

# --- Where bills are told of ------------------------------------------------------------------------------

UK_BILLS_API = env.str("UK_BILLS_API", "https://bills-api.parliament.uk")
UK_BILLS_PAGES = env.str("UK_BILLS_PAGES", "https://bills.parliament.uk")
WHATS_ON_API = env.str("WHATS_ON_API", "https://whatson-api.parliament.uk")
UK_QUESTIONS_API = env.str("UK_QUESTIONS_API", "https://questions-statements-api.parliament.uk")
GOVUK_API = env.str("GOVUK_API", "https://www.gov.uk")
OPEN_STATES_API = env.str("OPEN_STATES_API", "https://v3.openstates.org")
OPEN_STATES_API_KEY = env.str("OPEN_STATES_API_KEY", "")
CONGRESS_API = env.str("CONGRESS_API", "https://api.congress.gov/v3")
CONGRESS_API_KEY = env.str("CONGRESS_API_KEY", "")
LEGISCAN_API = env.str("LEGISCAN_API", "https://api.legiscan.com")
LEGISCAN_API_KEY = env.str("LEGISCAN_API_KEY", "")
HANSARD_API = env.str("HANSARD_API", "https://hansard-api.parliament.uk")

# --- Signing in -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "apps.campaigns.adapter.InvitationAdapter"
ACCOUNT_FORMS = {"login": "apps.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
OPEN_SIGNUP = env.bool("OPEN_SIGNUP", False)

# --- Language and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static files -----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security ---------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.int("TRUSTED_PROXY_COUNT", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SIMPLE_HISTORY_DATE_INDEX = "composite"
DJANGO_TABLES2_TEMPLATE = "desk/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_tokens": {"()": "campaigntracker.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}
    },
    "loggers": {
        "apprise": {"level": "CRITICAL"},  # it writes whole addresses, tokens and all
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
