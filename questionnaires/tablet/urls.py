"""Addresses of tablets: their keys, and which there are."""

from django.urls import URLPattern, path, re_path

from questionnaires.tablet.views import devices, keys

urlpatterns: list[URLPattern] = [
    path("tablet/toestellen/<uuid:public_id>/", devices.report, name="tablet-device"),
    path("tablet/toestellen/<uuid:public_id>/stand/", devices.standing, name="tablet-standing"),
    path("team/toestellen/", devices.device_list, name="device-list"),
    path("team/toestellen/<uuid:page_id>/", devices.device_page, name="device-page"),
    path("team/toestellen/<uuid:page_id>/weg/", devices.device_put_away, name="device-put-away"),
    path("team/toestellen/<uuid:page_id>/<slug:state>/", devices.device_decide, name="device-decide"),
    path("tablet/sleutels/", keys.new_keys, name="tablet-keys"),
    re_path(r"^tablet/sleutels/(?P<nonce>[0-9a-f]{32})/$", keys.recover, name="tablet-recovery"),
    re_path(r"^tablet/sleutels/(?P<nonce>[0-9a-f]{32})/zegel/$", keys.unseal, name="tablet-unsealing"),
]
