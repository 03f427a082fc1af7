"""The app profiles."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """What follows from the answers"""

    name = "profiles"
    verbose_name = " client profiles in time.:profielen"
