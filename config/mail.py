"""Where e-mail goes: to a mail server, to files in the demo, or nowhere."""

from dataclasses import dataclass
from pathlib import Path

from config import environment

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
SAFETY = ("starttls", "tls", "none")
PATIENCE = 20  # seconds


@dataclass(frozen=True)
class Mail:
    """How e-mail is sent; `safety` is how the way to the server is protected."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    safety: str = "none"
    folder: Path | None = None

    @property
    def is_on(self) -> bool:
        """Whether e-mail arrives anywhere."""
        return self.backend != NOWHERE


def load(*, in_files: bool, var: Path) -> Mail:
    """Return what DRAAGVLAK_SMTP_… ask for: a server where one is named, else files (demo) or nowhere."""
    host = environment.text("DRAAGVLAK_SMTP_HOST")
    if not host:
        return Mail(FILES, folder=var / "mail") if in_files else Mail(NOWHERE)
    safety = environment.text("DRAAGVLAK_SMTP_SAFETY", "starttls").lower()
    if safety not in SAFETY:
        raise environment.WrongSettingError("DRAAGVLAK_SMTP_SAFETY", f"use {', '.join(SAFETY)}")
    user, password = environment.text("DRAAGVLAK_SMTP_USER"), environment.text("DRAAGVLAK_SMTP_PASSWORD")
    if bool(user) != bool(password):
        raise environment.WrongSettingError("DRAAGVLAK_SMTP_USER", "give user and password, or neither")
    if user and safety == "none":
        raise environment.WrongSettingError("DRAAGVLAK_SMTP_SAFETY", "a password never goes unprotected")
    port = environment.whole_number(
        "DRAAGVLAK_SMTP_PORT", 465 if safety == "tls" else 587, least=1, most=65535
    )
    return Mail(SMTP, host, port, user, password, safety)
