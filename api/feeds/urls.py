"""Every address of feeds and sitemaps, from the root on."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.feeds import channels, views
from api.feeds.mounting import plugin_feeds

_SLUG = "[-a-zA-Z0-9_]+"
_KIND = "|".join(channels.KINDS)
_DOCUMENT = "|".join(name.replace(".", r"\.") for name in views.FORMATS)

urlpatterns: list[URLPattern | URLResolver] = [
    *plugin_feeds(),
    re_path(rf"^feeds/(?P<locale>{_SLUG})/(?P<document>{_DOCUMENT})$", views.feed, name="feed"),
    re_path(
        rf"^feeds/(?P<locale>{_SLUG})/(?P<kind>{_KIND})/(?P<slug>{_SLUG})/(?P<document>{_DOCUMENT})$",
        views.feed,
        name="feed-of",
    ),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("news-sitemap.xml", views.news, name="news-sitemap"),
    re_path(
        r"^sitemaps/(?P<locale>[a-zA-Z]+(?:-[a-zA-Z]+)*)-(?P<number>[1-9][0-9]{0,8})\.xml$",
        views.sitemap_part,
        name="sitemap-part",
    ),
    path("llms.txt", views.llms_txt, name="llms"),
    path("robots.txt", views.robots_txt, name="robots"),
    re_path(r"^(?:feeds|sitemaps)/", views.not_found),
]
