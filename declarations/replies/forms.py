"""What a declaration officer fills in about a file that went out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from declarations.replies.reply_list import LONGEST_REASON
from declarations.schema.delivery_constants import LARGEST_LIST, ReplyStatus


class FileReplyForm(forms.Form):
    """One answer for all profile records of a file."""

    status = forms.TypedChoiceField(
        label=_("Wat deed de verzekeraar met de profielregels?"),
        choices=[
            (ReplyStatus.ACCEPTED, _("Alle aanvaard")),
            (ReplyStatus.REJECTED, _("Alle afgekeurd")),
        ],
        coerce=ReplyStatus,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat de verzekeraar deed.")},
    )
    reason = forms.CharField(
        label=_("Reden"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Nodig bij afgekeurd. Noem geen namen van cliënten."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason with what came back."""
        cleaned = super().clean() or {}
        if cleaned.get("status") == ReplyStatus.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Schrijf op waarom de verzekeraar de regels afkeurde."))
        return cleaned


class ReplyListForm(forms.Form):
    """A list with the answer per record."""

    list = forms.FileField(
        label=_("Lijst met antwoorden (csv)"),
        help_text=_(
            "Drie kolommen met een ; ertussen: referentie;status;reden. De status is aanvaard of afgekeurd."
        ),
        error_messages={"required": _("Kies eerst een lijst."), "empty": _("Deze lijst is leeg.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_list(self) -> bytes:
        """Return the content. Raises ValidationError for one that is too large."""
        sent = self.cleaned_data["list"]
        if sent.size > LARGEST_LIST:
            raise ValidationError(
                _("Deze lijst is te groot. Hij mag hoogstens %(most)d MB zijn."),
                params={"most": LARGEST_LIST >> 20},
            )
        content: bytes = sent.read()
        return content
