"""What happened, told to whom it concerns: a lower app publishes, higher apps follow in the same transaction.

Each app registers its followers when the product starts (`AppConfig.ready`). A follower that fails takes what
happened with it: nothing is half done.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db import transaction

Event = TypeVar("Event")

_FOLLOWERS: Final[dict[type, list[Callable[[Any], object]]]] = defaultdict(list)


def follow(kind: type[Event], follower: Callable[[Event], object]) -> None:
    """Call a function with every event of a kind; registering it twice changes nothing."""
    if follower not in _FOLLOWERS[kind]:
        _FOLLOWERS[kind].append(follower)


@transaction.atomic
def publish(event: object) -> None:
    """Let everybody who follows events of this kind do what follows, before the transaction at hand ends."""
    for follower in _FOLLOWERS[type(event)]:
        follower(event)
