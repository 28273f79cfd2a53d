from django.urls import path

from plugins.gallery.views import upload

urlpatterns = [path("<int:page_id>/upload/", upload, name="upload")]
