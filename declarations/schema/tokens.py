"""Tokens with which programs of an organisation act: rows name them as who did something."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from care.audit.access import Program
from care.schema.models import Organisation


class ApiScope(models.TextChoices):
    """What a token may do."""

    CLIENTS_READ = "clients:read", _("cliënten lezen")
    CLIENTS_WRITE = "clients:write", _("cliënten toevoegen en bijwerken")
    ANAMNESES_READ = "anamneses:read", _("anamneses en profielen lezen")
    ANAMNESES_WRITE = "anamneses:write", _("anamneses inlezen")
    DECLARATIONS_READ = "declarations:read", _("declaratiebestanden volgen en ophalen")
    DECLARATIONS_WRITE = "declarations:write", _("declaratiebestanden inlezen en maken")


class TokenState(models.TextChoices):
    """Whether a token still opens anything; it can also have run out."""

    ACTIVE = "active", _("in gebruik")
    REVOKED = "revoked", _("ingetrokken")


class ApiToken(models.Model):
    """A key with which a care record system acts for one organisation, within scopes; only its hash is kept.

    `window_start` and `window_calls` count the calls of the minute at hand.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=ApiScope))
    state = models.CharField(max_length=10, choices=TokenState, default=TokenState.ACTIVE)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    window_start = models.DateTimeField(null=True)
    window_calls = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TokenState.values), name="token_state_is_known"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=ApiScope.values) & ~Q(scopes=[]),
                name="token_scopes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.prefix}"

    @property
    def program(self) -> Program:
        """Who looks, for the access log."""
        return Program(self.public_id, self.name)

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the token has run out."""
        return self.expires_at is not None and self.expires_at <= now

    def opens(self, now: datetime) -> bool:
        """Tell whether the token can be used."""
        return self.state == TokenState.ACTIVE and not self.has_expired(now)
