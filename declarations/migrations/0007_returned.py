from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0006_separate"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("bsn_unknown", "bsn onbekend"),
                    ("client_unknown", "cliënt onbekend"),
                    ("details_differ", "gegevens wijken af"),
                    ("not_in_care", "niet in zorg"),
                    ("no_legal_basis", "geen grondslag"),
                    ("objection", "bezwaar"),
                    ("sending_is_off", "verzenden staat uit"),
                    ("phase_forbids", "fase laat het niet toe"),
                    ("no_valid_profile", "geen geldig profiel"),
                    ("code_unknown", "code onbekend"),
                    ("awaits_review", "wacht op toetsing"),
                    ("technical_error", "technische fout"),
                    ("too_late", "te laat voor dit bestand"),
                    ("correction_due", "correctie nodig"),
                    ("returned", "teruggekomen van de verzekeraar"),
                    ("profile_line_present", "profielregel aanwezig"),
                    ("already_sent", "al verzonden"),
                    ("credits_only", "alleen creditregels"),
                    ("excluded_by_officer", "met de hand overgeslagen"),
                ],
                default="",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="exclusion",
            name="reason",
            field=models.CharField(
                choices=[
                    ("", ""),
                    ("bsn_unknown", "bsn onbekend"),
                    ("client_unknown", "cliënt onbekend"),
                    ("details_differ", "gegevens wijken af"),
                    ("not_in_care", "niet in zorg"),
                    ("no_legal_basis", "geen grondslag"),
                    ("objection", "bezwaar"),
                    ("sending_is_off", "verzenden staat uit"),
                    ("phase_forbids", "fase laat het niet toe"),
                    ("no_valid_profile", "geen geldig profiel"),
                    ("code_unknown", "code onbekend"),
                    ("awaits_review", "wacht op toetsing"),
                    ("technical_error", "technische fout"),
                    ("too_late", "te laat voor dit bestand"),
                    ("correction_due", "correctie nodig"),
                    ("returned", "teruggekomen van de verzekeraar"),
                    ("profile_line_present", "profielregel aanwezig"),
                    ("already_sent", "al verzonden"),
                    ("credits_only", "alleen creditregels"),
                    ("excluded_by_officer", "met de hand overgeslagen"),
                ],
                help_text="for which they were held",
                max_length=24,
            ),
        ),
    ]
