"""Every address under ``/api/v1/``."""

from django.urls import URLPattern, URLResolver, re_path

from api.plugging import plugin_routes
from api.views import campaigns, content, newsletters, schema, taxonomy

urlpatterns: list[URLPattern | URLResolver] = [
    *content.urlpatterns,
    *taxonomy.urlpatterns,
    *campaigns.urlpatterns,
    *newsletters.urlpatterns,
    *schema.urlpatterns,
    *plugin_routes(),
    re_path("", content.not_found),
]
