"""People and organisations, what they may do, and the legal ground under sending data on."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now

from care.schema import corrections as _corrections  # noqa: F401 - models that Django finds here
from care.schema import death_notices as _deaths  # noqa: F401 - models that Django finds here
from care.schema import evidence as _evidence  # noqa: F401 - models that Django finds here
from care.schema import key_canary as _canary  # noqa: F401 - models that Django finds here
from care.schema import receivers as _receivers  # noqa: F401 - models that Django finds here
from care.schema.constants import AccessAction, Phase, Role, Sex
from care.schema.facts import fact
from care.schema.fields import EncryptedTextField
from care.schema.identifiers import validate_agb, validate_uzovi


class UserManager(BaseUserManager["User"]):
    """Makes users; an e-mail address is kept in lower case."""

    def create_user(self, email: str, *, name: str, password: str | None = None) -> "User":
        """Return a new user; without a password the account waits for one to be set."""
        user = self.model(email=email.strip().lower(), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user by e-mail address, whatever its capitals."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who logs in. What somebody may do stands in memberships, never here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    wants_daily_summary = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=Q(language__in=["nl", "en"]), name="user_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A provider of care (zorgaanbieder). Register data: not hidden between organisations.

    `offline_hours`: how long a tablet opens after its last contact. A session ends `session_hours` after the
    log-in, and is locked when nothing was asked for `session_idle_minutes`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agb = models.CharField(max_length=8, unique=True, validators=[validate_agb])
    name = models.CharField(max_length=120)
    reassess_months = models.PositiveSmallIntegerField(default=6)
    return_weeks = models.PositiveSmallIntegerField(default=4)
    offline_hours = models.PositiveSmallIntegerField(default=72)
    session_idle_minutes = models.PositiveSmallIntegerField(default=60)
    session_hours = models.PositiveSmallIntegerField(default=10)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agb__regex=r"^[0-9]{8}$"), name="organisation_agb_is_8_digits"
            ),
            models.CheckConstraint(
                condition=Q(reassess_months__gte=1, reassess_months__lte=60),
                name="organisation_reassess_within_5_years",
            ),
            models.CheckConstraint(
                condition=Q(return_weeks__gte=1, return_weeks__lte=52),
                name="organisation_return_within_a_year",
            ),
            models.CheckConstraint(
                condition=Q(offline_hours__gte=4, offline_hours__lte=336),
                name="organisation_offline_4_hours_to_2_weeks",
            ),
            models.CheckConstraint(
                condition=Q(session_idle_minutes__gte=5, session_idle_minutes__lte=480)
                & Q(session_hours__gte=1, session_hours__lte=24),
                name="organisation_sessions_end_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Insurer(models.Model):
    """A health insurer (zorgverzekeraar). Register data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uzovi = models.CharField(max_length=4, unique=True, validators=[validate_uzovi])
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uzovi__regex=r"^[0-9]{4}$"), name="insurer_uzovi_is_4_digits")
        ]

    def __str__(self) -> str:
        return self.name


@fact
class PhasePeriod(models.Model):
    """From when an organisation is in a phase; the phase of a day is the latest begun."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(max_length=10, choices=Phase)
    valid_from = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="one_phase_begins_on_a_day"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="phase_is_known"),
        ]


class Team(models.Model):
    """A team of nurses, working in a municipality."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    municipality = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once_per_organisation")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role of a person in an organisation (for the teams named, else for all), or at an insurer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT, null=True, blank=True)
    teams = models.ManyToManyField(Team, blank=True, related_name="memberships")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=Q(role=Role.INSURER, insurer__isnull=False, organisation__isnull=True)
                | (~Q(role=Role.INSURER) & Q(insurer__isnull=True, organisation__isnull=False)),
                name="membership_is_of_organisation_or_insurer",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "insurer"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation or self.insurer}"


def _next_day(column: str) -> Func:
    return Func(F(column), template="(%(expressions)s + 1)", output_field=models.DateField())


@fact
class Client(models.Model):
    """A person in care. Identity is encrypted; a BSN is found through its keyed hash.

    Team and insurer are those of today, and care is the last period of it: what was and what is to come
    stands in `team_periods`, `insurer_periods` and `care_periods`. One that was joined into another record of
    the same person is found by no BSN, is nobody's and in care on no day.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="clients")
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT)
    bsn = EncryptedTextField()
    bsn_hash = models.BinaryField(max_length=32)
    initials = EncryptedTextField(blank=True)
    prefix = EncryptedTextField(blank=True)
    surname = EncryptedTextField()
    insured_number = EncryptedTextField(blank=True)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    in_care_from = models.DateField()
    in_care_until = models.DateField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    joined_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "bsn_hash"], name="client_bsn_once"),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=F("id")),
                name="client_joined_into_another",
            ),
            models.CheckConstraint(
                condition=Q(in_care_until__isnull=True) | Q(in_care_until__gte=F("in_care_from")),
                name="care_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True)
                | Q(in_care_until__isnull=False, in_care_until__lte=_next_day("died_on")),
                name="death_ends_care",
            ),
            models.CheckConstraint(
                condition=Q(date_of_birth__lte=F("in_care_from")), name="born_before_care_began"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "date_of_birth"], name="client_by_birth")]

    def __str__(self) -> str:
        return f"client {self.public_id}"

    @property
    def name(self) -> str:
        """The name as a colleague says it: initials, prefix and surname."""
        return " ".join(part for part in (self.initials, self.prefix, self.surname) if part)

    def is_in_care(self, on: date) -> bool:
        """Tell whether the client is in care on a day, in this period of care or an earlier one."""
        return any(on in spell.period for spell in self.care_periods.all())


class AccessLog(models.Model):
    """One look at a client, or at a list of clients. Rows are only ever added.

    A look through the API has no user: `program` and `program_id` name the token, as it was called then.
    """

    at = models.DateTimeField(auto_now_add=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=20, blank=True)
    program = models.CharField(max_length=80, blank=True, default="")
    program_id = models.UUIDField(null=True)
    action = models.CharField(max_length=20, choices=AccessAction)
    clients = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="access_log_newest_first"),
            models.Index(fields=["organisation", "user", "-at"], name="access_log_by_user"),
            GinIndex(fields=["clients"], name="access_log_by_client"),
        ]
