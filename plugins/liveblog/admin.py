from django.urls import path
from django.utils.translation import gettext_lazy as _

from cms.contract import MenuItem
from plugins.liveblog import desk

menu_items = [MenuItem(label=_("Live desk"), url_name="desks", icon=desk.ICON, order=130)]

urlpatterns = [
    path("", desk.Desks.as_view(), name="desks"),
    path("<int:page_id>/", desk.Desk.as_view(), name="desk"),
    path("<int:page_id>/entries/", desk.EntryList.as_view(), name="entries"),
    path("<int:page_id>/entries/<uuid:entry_id>/", desk.Act.as_view(), name="act"),
    path("<int:page_id>/state/", desk.Move.as_view(), name="move"),
]
