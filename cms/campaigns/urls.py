"""Mounted at /donate/."""

from django.urls import path, re_path

from cms.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("<slug:slug>/", views.campaign_page, name="page"),
    re_path(
        r"^(?P<slug>[-\w]+)/assets/(?P<name>page-[0-9a-f]{12}\.(?:css|js|svg))$", views.campaign_asset, name="asset"
    ),
    re_path(r"^(?P<slug>[-\w]+)/(?P<name>card\.png|qr\.svg|qr\.png|progress\.json)$", views.campaign_page, name="file"),
]
