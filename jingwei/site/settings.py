"""Django's settings. What differs from place to place comes from the environment; secrets lie under var/."""

import base64
import os
import secrets
from datetime import timedelta

from jingwei.site.cluster import private_url
from jingwei.site.env import PACKAGES, ROOT, VAR, database, secret

HTTPS = os.environ.get("JINGWEI_HTTPS") == "1"  # behind a TLS proxy that sets X-Forwarded-Proto
DEBUG = os.environ.get("JINGWEI_DEBUG") == "1"
TRAINING = os.environ.get("JINGWEI_TRAINING") == "1"  # a sandbox (site/sandbox.py): the desk says on every page that nothing here is real
SECRET_KEY = os.environ.get("SECRET_KEY") or secret("secret")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("JINGWEI_HOSTS", "").split(","))]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "axes",
    *(f"jingwei.{name}" for name in PACKAGES),
    "jingwei.site",
]
MIDDLEWARE = [
    "jingwei.site.health.Measure",
    "django.middleware.security.SecurityMiddleware",
    "jingwei.site.middleware.Headers",
    "jingwei.site.middleware.Problems",
    "jingwei.site.middleware.Bounds",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jingwei.site.middleware.Sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "jingwei.site.urls"
WSGI_APPLICATION = "jingwei.site.wsgi.application"
APPEND_SLASH = False

# One lasting connection a thread: a pool would set up each anew at each request. Parameters are bound on the server and a
# statement is prepared at its second use, so that what every request repeats is parsed and planned once.
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or private_url())}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
# Of each process: requests worked on at once, each with a connection; and browsers that listen for what happens (site/live.py).
THREADS = int(os.environ.get("JINGWEI_THREADS", "4"))
LISTENERS = int(os.environ.get("JINGWEI_LISTENERS", "250"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Log-in: five wrong passwords lock a name at an address for a quarter of an hour.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# The log-in's door answers a lock-out itself; no spatial reference comes from outside.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "gis.W001"]

# A session ends after half an hour without a request, and with the browser (MLPS level 3, 8.1.4.1).
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if TRAINING:  # a browser keeps cookies by host, whatever the port: training doesn't end the session of the work beside it
    SESSION_COOKIE_NAME = "training"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"

# Personal fields: {version: 32 bytes}. The file holds `version base64` a line; a new last line is the key from now on.
JINGWEI_KEYS = {
    int(version): base64.b64decode(key)
    for version, key in map(str.split, secret("keys", lambda: "1 " + base64.b64encode(secrets.token_bytes(32)).decode()).splitlines())
}

# Bodies: JSON of 2 MB at most; an upload is streamed to disk and bounded by its door.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MEDIA_ROOT = VAR / "files"
IMPORTS_ROOT = VAR / "imports"  # files on their way into the register: personal data, taken away after their term

# The built desk. Vite puts a content hash into every name under assets/, so those never change.
DESK = ROOT / "web" / "apps" / "desk" / "dist"
WHITENOISE_ROOT = DESK if DESK.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/"
WHITENOISE_MAX_AGE = 300
STATIC_URL = "/static/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("JINGWEI_LOG", "WARNING")},
    # A request refused (4xx) is no incident; django.request reports it as a warning.
    "loggers": {"django": {"handlers": []}, "django.request": {"level": "ERROR"}},
}
