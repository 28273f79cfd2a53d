"""Addresses that stand in mails."""

from django.urls import path

from cms.newsletters import views

app_name = "newsletters"

urlpatterns = [
    path("confirm/<str:token>/", views.confirm_subscription, name="confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe_reader, name="unsubscribe"),
]
