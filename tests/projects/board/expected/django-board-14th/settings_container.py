"""The project's settings as its containers need them.

Written by djdock: everything comes from the module that is imported here, and only what would not work
in a container is set anew, each with its reason. The project's own settings stay as they are.
"""

from .settings import *  # noqa: F403

# `True` in the project: production never shows its insides.
DEBUG = False
