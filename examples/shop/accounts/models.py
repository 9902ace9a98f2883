from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A customer or a member of staff: signs in with a name, is written to by e-mail."""

    email = models.EmailField("e-mail address", unique=True)
    address = models.TextField(blank=True)
