"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# The admin signs in through the same door as everybody: one throttle, one set of checks.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Campaign Tracker administration"

handler500 = "apps.desk.busy.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.desk.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
