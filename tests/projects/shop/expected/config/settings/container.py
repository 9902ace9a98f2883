"""The project's settings as its containers need them.

Written by djdock: everything comes from the module that is imported here, and only what would not work
in a container is set anew, each with its reason. The project's own settings stay as they are.
"""

from .dev import *  # noqa: F403

# A browser reaches the container from an address of Docker's network, which is not among
# `INTERNAL_IPS`; the port is open on this machine alone.
DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: DEBUG}
