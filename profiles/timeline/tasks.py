"""Background work around profiles: the summary of the morning."""

import logging
from datetime import date

from django.conf import settings
from django.utils import timezone

from care.schema.models import User
from config.celery import app
from profiles.timeline import summaries

log = logging.getLogger(__name__)


@app.task(name="profiles.timeline.tasks.send_daily_summaries", ignore_result=True, expires=3600)
def send_daily_summaries() -> None:
    """Ask for the summary of today for everybody who wants one; more often on a day does no harm."""
    if not settings.MAIL_IS_ON:
        log.info("daily_summaries_skipped reason=no_mail_server")
        return
    today = timezone.localdate().isoformat()
    for user_id in summaries.wanting():
        send_daily_summary.delay(user_id, today)


@app.task(
    name="profiles.timeline.tasks.send_daily_summary",
    ignore_result=True,
    autoretry_for=(OSError,),  # smtplib's errors are such too
    retry_backoff=30,
    max_retries=5,
    expires=4 * 3600,
)
def send_daily_summary(user_id: int, day: str) -> None:
    """Send one person the summary of a day, unless that day has passed."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        log.warning("daily_summary_skipped user=%s reason=unknown", user_id)
        return
    if date.fromisoformat(day) != timezone.localdate():
        log.info("daily_summary_skipped user=%s reason=day_has_passed", user_id)
        return
    log.info(
        "daily_summary user=%s outcome=%s",
        user_id,
        summaries.send_summary(user=user, day=timezone.localdate()),
    )
