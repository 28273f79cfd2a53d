"""Every address of an installation, and the rooms that answer it."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.urls import include, path, re_path
from django.utils.module_loading import import_string
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.project.views import devmail, frontend, health, media


def in_one_transaction(view: Callable) -> Callable:
    """This view in a transaction, unless it is marked as one that ``manages_transactions``."""
    return view if getattr(view, "manages_transactions", False) else transaction.atomic(view)


# Wagtail publishes in several steps. One transaction around each admin request makes them one: what the public
# API shows and what the editor sees can't come apart half-way.
wagtailadmin_urls.urlpatterns = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, in_one_transaction)

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("api.urls")),
    path("", include("api.feeds.urls")),
    path("donate/", include("cms.campaigns.urls")),
    path("newsletters/", include("cms.newsletters.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/<path:path>", media.media, name="media"),
    path("dev/mail/", devmail.messages, name="dev_mail"),
    path("dev/mail/<str:message_id>/", devmail.message, name="dev_mail_message"),
    path("dev/mail/<str:message_id>/html/", devmail.html_part, name="dev_mail_html"),
    path("dev/mail/<str:message_id>/source/", devmail.source, name="dev_mail_source"),
    # The frontend comes last: it answers every path that no other room has.
    re_path(frontend.ROUTE, frontend.frontend, name="frontend"),
]

if settings.WAGTAIL_API:
    urlpatterns.insert(0, path("api/v3/", import_string("cms.project.wagtail_api.urls")))

handler400 = "cms.project.views.errors.bad_request"
handler404 = "cms.project.views.errors.not_found"
handler500 = "cms.project.views.errors.server_error"
