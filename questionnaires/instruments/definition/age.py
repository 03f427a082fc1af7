"""Age in whole years. Someone born on 29 February has a birthday on 1 March in other years."""

from datetime import date


def age_on(born: date, day: date) -> int:
    """Whole years on a day; negative before the year of birth."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)


def birthday(born: date, age: int) -> date:
    """The first day on which someone has this age."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
