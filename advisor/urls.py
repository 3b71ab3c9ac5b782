from django.urls import path

from advisor import views

app_name = "advisor"

urlpatterns = [
    path("guide/", views.guide_page, name="guide"),
    path("programs/new/", views.new_program, name="new"),
    path("programs/<str:token>/", views.program, name="program"),
]
