"""The project's settings as its containers need them.

Written by djdock: everything comes from the module that is imported here, and only what would not work
in a container is set anew, each with its reason. The project's own settings stay as they are.
"""

import os

from .settings import *  # noqa: F403
from .settings import ALLOWED_HOSTS, DATABASES

# `True` in the project: production never shows its insides.
DEBUG = False

# Written down in the project: Django signs with it.
SECRET_KEY = os.environ["SECRET_KEY"]

# `[]` in the project: the proxy passes on the host that was asked for.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, *os.environ["ALLOWED_HOSTS"].split(",")]

# `NAME` is `db.sqlite3` in the project: the file lies on a volume, in a folder of its own.
DATABASES["default"]["NAME"] = os.environ["SQLITE_PATH"]

# Not set in the project: collectstatic writes there, and the proxy's image is made from it.
STATIC_ROOT = "/app/staticfiles"

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
