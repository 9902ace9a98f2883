"""The project's settings as its containers need them.

Written by djdock: everything comes from the module that is imported here, and only what would not work
in a container is set anew, each with its reason. The project's own settings stay as they are.
"""

from .settings import *  # noqa: F403
from .settings import DATABASES

# `True` in the project: production never shows its insides.
DEBUG = False

# The proxy says in this header whether the browser came by https, and always sets it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Forms that come by https from the site's own names are accepted, also where what ends TLS does not
# pass its scheme on.
CSRF_TRUSTED_ORIGINS = [
    f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if host != "*"
]

# With `DEBUG` off Django shows errors of requests nowhere: `docker compose logs` is to have them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"production": {"()": "django.utils.log.RequireDebugFalse"}},
    "handlers": {
        "errors": {"class": "logging.StreamHandler", "filters": ["production"], "level": "ERROR"},
        "refused": {"class": "logging.StreamHandler", "filters": ["production"]},
    },
    "loggers": {
        "django.request": {"handlers": ["errors"]},
        "django.security": {"handlers": ["refused"]},
    },
}

# A connection to the database serves many requests and is checked before each: without it, every
# request makes one of its own.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
