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
