"""Every address under ``/api/v1/``."""

from django.urls import URLPattern, URLResolver, re_path

from api.guards import limit_reads
from api.plugging import plugin_routes
from api.views import campaigns, changes, content, newsletters, preview, resolve, schema, search, taxonomy, types

_core: list[URLPattern | URLResolver] = [
    *content.urlpatterns,
    *resolve.urlpatterns,
    *preview.urlpatterns,
    *taxonomy.urlpatterns,
    *types.urlpatterns,
    *search.urlpatterns,
    *changes.urlpatterns,
    *campaigns.urlpatterns,
    *newsletters.urlpatterns,
    *schema.urlpatterns,
]
urlpatterns = [*limit_reads(_core), *plugin_routes(), re_path("", content.not_found)]
