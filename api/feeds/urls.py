"""Every address of feeds and sitemaps, from the root on."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.feeds import views
from api.feeds.mounting import plugin_feeds

urlpatterns: list[URLPattern | URLResolver] = [
    *plugin_feeds(),
    path("feeds/<slug:locale>/rss.xml", views.everything, name="feed"),
    path("feeds/<slug:locale>/section/<slug:slug>/rss.xml", views.section, name="feed-section"),
    path("feeds/<slug:locale>/type/<slug:name>/rss.xml", views.content_type, name="feed-type"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    re_path(
        r"^sitemaps/(?P<locale>[a-zA-Z]+(?:-[a-zA-Z]+)*)-(?P<number>[1-9][0-9]{0,8})\.xml$",
        views.sitemap_part,
        name="sitemap-part",
    ),
    re_path(r"^(?:feeds|sitemaps)/", views.not_found),
]
