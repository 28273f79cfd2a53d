"""A plugin of somebody else that fails wherever it is asked to, installed beside the repository."""

from pathlib import Path

LABEL = "faulty"

_FILES = {
    "__init__.py": "",
    "plugin.py": """
from cms.contract import PluginInfo

plugin = PluginInfo(name="Faulty", version="1.0", contract=">=1.0,<2")
""",
    "models.py": """
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.signals import page_published

from cms.contract import APIField, ContentPage, receiver


class TrapPage(ContentPage):
    fails_in = models.CharField(max_length=20, blank=True)

    content_panels = [*ContentPage.content_panels, FieldPanel("fails_in")]
    api_fields = [APIField("fails_in")]


@receiver(page_published)
def fail_on_publishing(instance, **kwargs):
    if instance.title == "signal":
        from django.db import connection
        connection.cursor().execute("SELECT broken")
""",
    "api.py": """
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from api.contract import DetailSerializer, KeyFilter, TeaserSerializer, serializes

from faulty.models import TrapPage


class TrapTeaser(TeaserSerializer):
    def to_representation(self, page):
        if page.fails_in == "teaser":
            raise RuntimeError("no teaser today")
        return super().to_representation(page)


class TrapDetail(DetailSerializer):
    def to_representation(self, page):
        if page.fails_in == "detail":
            raise RuntimeError("no detail today")
        return super().to_representation(page)


class Well(APIView):
    schema = None

    def get(self, request):
        return Response({"well": True})


class Boom(APIView):
    schema = None

    def get(self, request):
        raise ZeroDivisionError("in a route")


serializes(TrapPage, teaser=TrapTeaser, detail=TrapDetail)
filters = [KeyFilter(name="trap", model=TrapPage, of=lambda page: [page.fails_in], description="Where it fails")]
urlpatterns = [path("well/", Well.as_view()), path("boom/", Boom.as_view())]
""",
    "blocks.py": """
from wagtail import blocks

from cms.contract import PluginBlock


def fail(value):
    raise LookupError("no such block")


blocks = [PluginBlock(name="faulty_bomb", block=blocks.CharBlock(), api=fail)]
""",
    "tasks.py": """
from workers.contract import on, plugin_task


@plugin_task("faulty")
def boom():
    raise RuntimeError("in a task")


@on("content.published")
def fail_to_hear(payload):
    from wagtail.models import Page

    if Page.objects.filter(pk=payload["page"], title="handler").exists():
        raise RuntimeError("in a handler")
""",
    "gateways.py": """
from cms.contract import Gateway


class Broken(Gateway):
    label = "broken"
    name = "Broken"

    def available(self):
        raise RuntimeError("in a gateway")


gateways = [Broken()]
""",
    "migrations/__init__.py": "",
}


def install(folder: Path) -> None:
    """Write the package and what an installer would leave beside it: the distribution's entry point."""
    for name, source in _FILES.items():
        path = folder / LABEL / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    about = folder / f"{LABEL}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {LABEL}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[ostriv.plugins]\n{LABEL} = {LABEL}\n")
