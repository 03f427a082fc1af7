"""A client, and looking one up."""

from datetime import date
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from care.accounts.selectors import organisation_of, teams_of
from care.clients import selectors, target_groups
from care.clients.deaths import end_of_care_problem
from care.clients.registration import (
    MAX_LENGTHS,
    ClientDetails,
    FieldProblem,
    date_problems,
    identity_problems,
    known_bsn_problem,
    move_problem,
)
from care.forms import bsn_field, day_field
from care.schema.constants import Sex
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Insurer, Membership, Team

#: No field of the client as it stands: the number itself, the day of the next move, and what has days.
NOT_SHOWN = {"bsn", "moved_on", "target_group"}
SEX_CHOICES = [
    ("", _("kies")),
    (Sex.FEMALE, _("vrouw")),
    (Sex.MALE, _("man")),
    (Sex.NOT_SPECIFIED, _("niet gespecificeerd")),
    (Sex.UNKNOWN, _("onbekend")),
]


def text_field(name: str, label: Any, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    """Return a line of text of a client, as long as may be stored."""
    return forms.CharField(
        label=label,
        max_length=MAX_LENGTHS[name],
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **kwargs,
    )


class ClientForm(forms.Form):
    """A client to add, or to change: then the BSN is masked, and stays as it is while the field is empty."""

    bsn = bsn_field()
    initials = text_field("initials", _("Voorletters"))
    prefix = text_field("prefix", _("Voorvoegsel"))  # type: ignore[assignment]  # forms have a prefix too
    surname = text_field("surname", _("Achternaam"), required=True)
    date_of_birth = day_field(_("Geboortedatum"))
    sex = forms.ChoiceField(label=_("Geslacht"), choices=SEX_CHOICES)
    insurer = forms.ModelChoiceField(
        label=_("Zorgverzekeraar"),
        queryset=Insurer.objects.order_by("name"),
        to_field_name="public_id",
        empty_label=_("kies"),
    )
    insured_number = text_field("insured_number", _("Verzekerdennummer"))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), to_field_name="public_id", empty_label=_("kies")
    )
    moved_on = day_field(
        _("Ander team of andere verzekeraar vanaf"),
        required=False,
        help_text=_("Vul dit in als je hierboven een ander team of een andere zorgverzekeraar kiest."),
    )
    target_group = forms.CharField(
        label=_("ZN-doelgroep"),
        max_length=target_groups.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "De oude code van hoogstens 4 tekens, als je die hebt. Zodra je organisatie profielen "
            "declareert, vragen we hier niet meer naar."
        ),
    )
    in_care_from = day_field(_("In zorg vanaf"))
    in_care_until = day_field(
        _("In zorg tot"),
        required=False,
        help_text=_(
            "De eerste dag zonder zorg, ook als de cliënt is overleden. Concepten gaan dan dicht en niemand "
            "wordt er nog aan herinnerd. Leeg zolang de zorg loopt."
        ),
    )

    def __init__(self, data: Any = None, *, membership: Membership, client: Client | None = None) -> None:
        today = {"in_care_from": timezone.localdate()}
        super().__init__(data, initial=_initial(client) if client else today)
        self.membership = membership
        self.client = client
        teams = teams_of(membership).order_by("name")
        cast(Any, self.fields["team"]).queryset = teams
        if not client:
            del self.fields["moved_on"]
        asks_group = target_groups.is_asked(organisation_of(membership), timezone.localdate())
        if not asks_group:
            del self.fields["target_group"]
        self.helper = _two_columns(is_known=client is not None, asks_group=asks_group)
        if client:
            self._mask_bsn(client)
            self._name_plans(client)
        elif len(teams) == 1:
            self.initial["team"] = teams[0].public_id

    def _mask_bsn(self, client: Client) -> None:
        field = self.fields["bsn"]
        field.required = False
        field.label = _("Ander BSN")
        field.help_text = _(
            "Het BSN dat er nu staat eindigt op %(end)s. Vul alleen iets in als het niet klopt."
        ) % {"end": client.bsn[-2:]}

    def _name_plans(self, client: Client) -> None:
        """Say beside team and insurer what is planned, so that nobody plans it twice."""
        for name, plan in selectors.planned_moves(client).items():
            self.fields[name].help_text = _("Gepland: %(to)s vanaf %(day)s.") % {
                "to": plan.to,
                "day": date_format(plan.day),
            }

    def _move_problem(self) -> FieldProblem | None:
        """Ask from which day another team or insurer holds; a new client has them from the start."""
        if self.client is None:
            return None
        found, client = self.cleaned_data, self.client
        moves = any(name in found and found[name] != getattr(client, name) for name in ("team", "insurer"))
        if moves and "moved_on" in found and found["moved_on"] is None:
            return FieldProblem("moved_on", str(_("Vanaf welke dag is dat zo? Vul de dag in.")))
        care_from = found.get("in_care_from")
        return move_problem(found.get("moved_on"), in_care_from=care_from, today=timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Tell everything that is wrong at once, also what two fields say together."""
        found = self.cleaned_data
        texts = {field: found.get(field, "-") for field in MAX_LENGTHS}
        bsn = self._bsn()
        problems = [
            *(problem for problem in identity_problems(bsn, texts) if problem.field != "bsn"),
            *date_problems(
                found.get("date_of_birth"),
                found.get("in_care_from"),
                found.get("in_care_until"),
                timezone.localdate(),
            ),
        ]
        if is_bsn(bsn):
            known = known_bsn_problem(organisation_of(self.membership).pk, bsn, client=self.client)
            problems += [known] if known else []
        death = end_of_care_problem(self.client.died_on, found.get("in_care_until")) if self.client else None
        problems += [FieldProblem("in_care_until", death)] if death else []
        move = self._move_problem()
        for problem in [*problems, *([move] if move else [])]:
            self.add_error(problem.field, problem.sentence)
        return found

    def details(self) -> ClientDetails:
        """Return what a valid form says."""
        found = self.cleaned_data
        return ClientDetails(
            bsn=self._bsn(),
            initials=found["initials"],
            prefix=found["prefix"],
            surname=found["surname"],
            date_of_birth=found["date_of_birth"],
            sex=Sex(found["sex"]),
            insurer_id=found["insurer"].pk,
            insured_number=found["insured_number"],
            team_id=found["team"].pk,
            in_care_from=found["in_care_from"],
            in_care_until=found["in_care_until"],
            moved_on=found.get("moved_on"),
            target_group=found.get("target_group"),
        )

    def clean_target_group(self) -> str:
        """Refuse what is no code."""
        code: str = self.cleaned_data["target_group"]
        problem = target_groups.problem_of(code)
        if problem:
            raise forms.ValidationError(problem)
        return code

    @property
    def other_record(self) -> Client | None:
        """The other client with the BSN that was typed for a known one."""
        typed = self.data.get("bsn", "") if self.is_bound else ""
        if self.client is None or not is_bsn(typed):
            return None
        found = selectors.client_by_bsn(self.client.organisation_id, typed)
        return None if found == self.client else found

    def _bsn(self) -> str:
        typed: str = self.cleaned_data.get("bsn", "")
        return typed or (self.client.bsn if self.client else "")


def _two_columns(*, is_known: bool, asks_group: bool) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "bsn",
        _row("initials", "prefix"),
        "surname",
        _row("date_of_birth", "sex"),
        _row("insurer", "insured_number"),
        _row("team", "moved_on") if is_known else "team",
        _row("in_care_from", "in_care_until"),
        *(["target_group"] if asks_group else []),
    )
    return helper


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-md-6") for name in names))


def _initial(client: Client) -> dict[str, Any]:
    shown = {name: getattr(client, name) for name in ClientForm.base_fields if name not in NOT_SHOWN}
    group = target_groups.group_on(client, timezone.localdate())
    return shown | {
        "insurer": client.insurer.public_id,
        "team": client.team.public_id,
        "target_group": group,
    }


class ClientSearchForm(forms.Form):
    """Finding a client in the whole organisation: only by what one has in hand, never by browsing."""

    bsn = bsn_field(required=False)
    date_of_birth = day_field(_("Geboortedatum"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError(_("Vul een BSN of een geboortedatum in."))
        return self.cleaned_data

    @property
    def bsn_typed(self) -> str:
        """The BSN to look for, or nothing."""
        return str(self.cleaned_data["bsn"])

    @property
    def day_typed(self) -> date | None:
        """The date of birth to look for, or nothing."""
        day: date | None = self.cleaned_data["date_of_birth"]
        return day
