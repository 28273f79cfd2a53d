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
    if instance.title == "commit":
        from django.db import transaction
        transaction.on_commit(lambda: 1 / 0)
""",
    "api.py": """
from decimal import Decimal

from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from api.contract import DetailSerializer, KeyFilter, MomentFilter, TeaserSerializer, serializes

from faulty.models import TrapPage


class TrapTeaser(TeaserSerializer):
    def to_representation(self, page):
        if page.fails_in == "teaser":
            raise RuntimeError("no teaser today")
        document = super().to_representation(page)
        if page.fails_in == "rubbish":
            document |= {"url": None, "section": {"slug": "x"}, "rating": float("nan"), "id": "none"}
        return document


class TrapDetail(DetailSerializer):
    def to_representation(self, page):
        if page.fails_in == "detail":
            raise RuntimeError("no detail today")
        document = super().to_representation(page)
        if page.fails_in == "decimal":
            document["price"] = Decimal("1.5")
        return document


class Well(APIView):
    schema = None

    def get(self, request):
        return Response({"well": True})


class Boom(APIView):
    schema = None

    def get(self, request):
        raise ZeroDivisionError("in a route")


serializes(TrapPage, teaser=TrapTeaser, detail=TrapDetail)
def moment(page):
    return "soon" if page.fails_in == "moment" else None


filters = [
    KeyFilter(name="trap", model=TrapPage, of=lambda page: [page.fails_in + chr(0)], description="Where it fails"),
    MomentFilter(name="sprung", model=TrapPage, of=moment, description="When it fails"),
]
urlpatterns = [path("well/", Well.as_view()), path("boom/", Boom.as_view())]
""",
    "blocks.py": """
from wagtail import blocks

from cms.contract import PluginBlock


def fail(value):
    if value == "rubbish":
        return {"$ref": "#/definitions", "size": {1, 2}}
    if value == "works":
        return {"well": True}
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
    if Page.objects.filter(pk=payload["page"], title="exit").exists():
        raise SystemExit(3)
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
