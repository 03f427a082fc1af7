import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import care.schema.fields
from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="user_email_is_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Insurer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "uzovi",
                    models.CharField(
                        max_length=4,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{4}\\Z", "Een UZOVI-nummer heeft 4 cijfers."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uzovi__regex", "^[0-9]{4}$")), name="insurer_uzovi_is_4_digits"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "agb",
                    models.CharField(
                        max_length=8,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{8}\\Z", "Een AGB-code heeft 8 cijfers."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("reassess_months", models.PositiveSmallIntegerField(default=6)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agb__regex", "^[0-9]{8}$")), name="organisation_agb_is_8_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reassess_months__gte", 1), ("reassess_months__lte", 60)),
                        name="organisation_reassess_within_5_years",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("municipality", models.CharField(blank=True, max_length=80)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="care.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("nurse", "wijkverpleegkundige"),
                            ("team_lead", "teamleider"),
                            ("declaration_officer", "declaratiemedewerker"),
                            ("administrator", "functioneel beheerder"),
                            ("privacy_officer", "functionaris gegevensbescherming"),
                            ("insurer", "zorgverzekeraar"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "insurer",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="care.insurer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="care.organisation",
                    ),
                ),
                ("teams", models.ManyToManyField(blank=True, related_name="memberships", to="care.team")),
            ],
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("bsn", care.schema.fields.EncryptedTextField(editable=True)),
                ("bsn_hash", models.BinaryField(max_length=32)),
                ("initials", care.schema.fields.EncryptedTextField(blank=True, editable=True)),
                ("prefix", care.schema.fields.EncryptedTextField(blank=True, editable=True)),
                ("surname", care.schema.fields.EncryptedTextField(editable=True)),
                ("insured_number", care.schema.fields.EncryptedTextField(blank=True, editable=True)),
                ("date_of_birth", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("0", "onbekend"),
                            ("1", "man"),
                            ("2", "vrouw"),
                            ("9", "niet gespecificeerd"),
                        ],
                        default="0",
                        max_length=1,
                    ),
                ),
                ("in_care_from", models.DateField()),
                ("in_care_until", models.DateField(blank=True, null=True)),
                (
                    "insurer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.insurer"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clients", to="care.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="care.client",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("client",),
                        name="one_standing_objection",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            ("withdrawn_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="objection_withdrawn_after_made",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statute", "wettelijke plicht"),
                            ("contract", "overeenkomst of experiment"),
                        ],
                        default="contract",
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "insurer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.insurer"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "insurer", "reference", "valid_from"), name="legal_basis_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["statute", "contract"])), name="basis_kind_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="basis_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="care.client"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "insurer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.insurer"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("client", "insurer"),
                        name="one_standing_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            ("withdrawn_on__gte", models.F("given_on")),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("role", models.CharField(blank=True, max_length=20)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("listed", "zag de cliënt in een lijst"),
                            ("viewed", "bekeek de cliënt"),
                            ("answered", "vulde een anamnese in"),
                            ("viewed_profile", "bekeek een profiel"),
                            ("changed", "wijzigde de gegevens"),
                            ("viewed_declaration", "bekeek een declaratie"),
                            ("exported", "nam de cliënt op in een bestand"),
                            ("viewed_log", "keek na wie het dossier zag"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "clients",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="care.membership"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "-at"], name="access_log_newest_first"),
                    models.Index(fields=["organisation", "user", "-at"], name="access_log_by_user"),
                    django.contrib.postgres.indexes.GinIndex(fields=["clients"], name="access_log_by_client"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhasePeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("prepare", "voorbereiden"),
                            ("register", "registreren"),
                            ("declare", "declareren"),
                            ("contract", "contracteren"),
                        ],
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="care.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "valid_from"), name="one_phase_begins_on_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["prepare", "register", "declare", "contract"])),
                        name="phase_is_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                fields=("organisation", "name"), name="team_name_once_per_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "nurse",
                            "team_lead",
                            "declaration_officer",
                            "administrator",
                            "privacy_officer",
                            "insurer",
                        ],
                    )
                ),
                name="role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("insurer__isnull", False), ("organisation__isnull", True), ("role", "insurer")),
                    models.Q(
                        models.Q(("role", "insurer"), _negated=True),
                        ("insurer__isnull", True),
                        ("organisation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_is_of_organisation_or_insurer",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "organisation", "insurer"),
                name="membership_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["organisation", "date_of_birth"], name="client_by_birth"),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(fields=("organisation", "bsn_hash"), name="client_bsn_once"),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_care_until__isnull", True),
                    ("in_care_until__gte", models.F("in_care_from")),
                    _connector="OR",
                ),
                name="care_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("date_of_birth__lte", models.F("in_care_from"))),
                name="born_before_care_began",
            ),
        ),
        # The ground under the ORM: what the runtime role may see and change.
        rows.grant_runtime(),
        rows.refusal_function(),
        rows.protect("care_phaseperiod"),
        rows.protect("care_team"),
        rows.protect("care_membership", using=f"{rows.ORGANISATION} OR {rows.INSURER}"),
        rows.read_also("care_membership", "own", rows.USER),
        rows.protect(
            "care_membership_teams",
            using="EXISTS (SELECT 1 FROM care_membership m WHERE m.id = membership_id)",
        ),
        rows.protect("care_client"),
        rows.protect("care_legalbasis"),
        rows.protect("care_consent"),
        rows.protect("care_objection"),
        rows.protect("care_accesslog"),
        *rows.append_only("care_accesslog"),
    ]
