"""Filters that show how long something takes or took."""

from django import template

from care.durations import duration, time_spent

register = template.Library()
register.filter("duration", duration)
register.filter("time_spent", time_spent)
