"""Writing people and organisations: one public function per use case.

Each works inside the scope of the organisation (or insurer) that its rows belong to. Data that cannot be
accepted raises ValidationError with Dutch sentences per field.
"""

from care.services.clients import ClientDetails, create_client, return_to_care, update_client
from care.services.deaths import ask_whether_died, deny_death, record_death, take_back_death
from care.services.evidence import add_evidence
from care.services.ground import (
    end_legal_basis,
    record_consent,
    record_legal_basis,
    record_objection,
    withdraw_consent,
    withdraw_objection,
)
from care.services.moves import move_to_insurer, move_to_team, turn_the_day
from care.services.organisations import (
    AccessLimits,
    TeamName,
    add_insurer,
    add_organisation,
    add_team,
    set_access_limits,
    set_phase,
    set_reassess_months,
    set_return_weeks,
    update_team,
)
from care.services.people import (
    activate_membership,
    add_membership,
    add_user,
    change_teams,
    choose_daily_summary,
    choose_language,
    deactivate_membership,
    password_link,
    rename_user,
)
from care.services.phases import plan_phases
from care.services.receivers import end_receiver, record_receiver

__all__ = [
    "AccessLimits",
    "ClientDetails",
    "TeamName",
    "activate_membership",
    "add_evidence",
    "add_insurer",
    "add_membership",
    "add_organisation",
    "add_team",
    "add_user",
    "ask_whether_died",
    "change_teams",
    "choose_daily_summary",
    "choose_language",
    "create_client",
    "deactivate_membership",
    "deny_death",
    "end_legal_basis",
    "end_receiver",
    "move_to_insurer",
    "move_to_team",
    "password_link",
    "plan_phases",
    "record_consent",
    "record_death",
    "record_legal_basis",
    "record_objection",
    "record_receiver",
    "rename_user",
    "return_to_care",
    "set_access_limits",
    "set_phase",
    "set_reassess_months",
    "set_return_weeks",
    "take_back_death",
    "turn_the_day",
    "update_client",
    "update_team",
    "withdraw_consent",
    "withdraw_objection",
]
