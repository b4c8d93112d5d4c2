"""One settings file. Everything an installation decides comes from the environment or `.env`."""

import base64
import os
import re
import secrets
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR = Path(env.str("KONGCHUO_VAR", default="") or BASE_DIR / "var")
VAR.mkdir(parents=True, exist_ok=True)
SQLITE_FILE = VAR / "kongchuo.sqlite3"
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{SQLITE_FILE}"
DEBUG = env.bool("DEBUG", default=DATABASE_URL.startswith("sqlite"))


def listed(name: str, default: list[str]) -> list[str]:
    """Names parted by commas, as people write them: blanks around them and 全角 commas count not."""
    parts = re.split("[,，]", env.str(name, default=""))
    return [part.strip() for part in parts if part.strip()] or default


def kept_secret(name: str, filename: str, make) -> str:
    """A secret from the environment, else from its file in var/, made on the very first start."""
    if value := env.str(name, default=""):
        return value
    file = VAR / filename
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    if not DEBUG:
        raise ImproperlyConfigured(f"没有设置 {name}。请在 .env 里填写（见 .env.example）。")
    if SQLITE_FILE.exists():
        raise ImproperlyConfigured(
            f"数据库在，密钥 {file} 不在。请从备份恢复它；没有它，已存的证件号打不开。"
        )
    value = make()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(value + "\n")
    return value


SECRET_KEY = kept_secret("SECRET_KEY", "secret.key", lambda: secrets.token_urlsafe(48))
KONGCHUO_FIELD_KEYS = kept_secret(
    "KONGCHUO_FIELD_KEYS",
    "field.keys",
    lambda: "k1:" + base64.b64encode(secrets.token_bytes(48)).decode(),
)
KONGCHUO_TODAY = (
    date.fromisoformat(env.str("KONGCHUO_TODAY")) if env.str("KONGCHUO_TODAY", default="") else None
)
KONGCHUO_COUNTY_NAME = env.str("KONGCHUO_COUNTY_NAME", default="澜屏县")
KONGCHUO_BUREAU_NAME = env.str("KONGCHUO_BUREAU_NAME", default="县教育体育局")

ALLOWED_HOSTS = listed("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS", [])
if not DEBUG and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("正式运行要在 ALLOWED_HOSTS 里写明域名，不能为空，也不能是 *。")

try:
    KONGCHUO_PROXIES = [ip_network(name) for name in listed("KONGCHUO_PROXIES", [])]
except ValueError as wrong:
    raise ImproperlyConfigured(
        "KONGCHUO_PROXIES 要写反向代理的地址或网段（如 127.0.0.1,10.1.0.0/24），不再写层数；"
        f"没有代理就不写。现在读不懂：{wrong}"
    ) from None

INSTALLED_APPS = [
    "regions",
    "accounts",
    "students",
    "attendance",
    "cases",
    "contracts",
    "reports",
    "kongchuo",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "kongchuo.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.gate.SessionRulesMiddleware",
    "accounts.login.middleware.TrustedDeviceMiddleware",
    "accounts.gate.GateMiddleware",
    "kongchuo.middleware.RefusalMiddleware",
    "kongchuo.middleware.PlainTextMiddleware",
]
ROOT_URLCONF = "kongchuo.urls"
WSGI_APPLICATION = "kongchuo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "kongchuo.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "kongchuo.menu.frame",
            ],
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In a signed cookie: what was just done is said on the next page, and no row is written for it.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["accounts.login.hashers.SmallArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.login.password_rule.ThreeOfFourClasses"}]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kongchuo.errors.stale_form"
if not DEBUG and not env.bool("KONGCHUO_PLAIN_HTTP", default=False):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
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
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
# Uploads hold children's data: they stay in memory, bounded, and never lie open on a disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "accounts.file_door.upload_handler.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "kongchuo.frontend.FrontEndFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = VAR / "media"
KONGCHUO_SEALED = VAR / "sealed"

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | str] = {
        "visibility_timeout": 1500,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    QUEUE = VAR / "queue"
    for part in ("messages", "control"):
        (QUEUE / part).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE / "messages"),
        "data_folder_out": str(QUEUE / "messages"),
        "control_folder": str(QUEUE / "control"),
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "kongchuo.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
