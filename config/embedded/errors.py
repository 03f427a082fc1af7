"""What can go wrong with the embedded servers."""

OWN_SERVERS = "DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL"


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be used; the text is a sentence for whoever started the command."""


def not_available(what: str) -> EmbeddedError:
    """Return the error for a machine that has no wheel with `what`, in Dutch and English."""
    return EmbeddedError(
        f"{what} is er niet als pakket voor deze Python of processor, of niet geïnstalleerd: "
        f"stel {OWN_SERVERS} in om eigen servers te gebruiken. / "
        f"There is no packaged {what} for this Python or processor, or it is not installed: "
        f"set {OWN_SERVERS} to use your own servers."
    )
