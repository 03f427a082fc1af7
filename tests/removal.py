"""Removing installations that tests made, wherever their parts are."""

import shutil
from pathlib import Path

from config.embedded import folders
from config.embedded.paths import Layout


def remove_installation(var: Path) -> None:
    """Remove the data, the cluster (which may be elsewhere) and the sockets of a stopped installation."""
    layout = Layout(var)
    for folder in (layout.sockets, folders.known_home(layout), var):
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(session: Path) -> None:
    """Remove what a killed session left in its folder."""
    for var in (*session.glob("own-*/*"), *session.glob("live/site-*")):
        remove_installation(var)
    for empty in session.glob("own-*"):
        shutil.rmtree(empty, ignore_errors=True)
