"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.listing import views

urlpatterns: list[URLPattern] = [
    path("listings/", views.listings, name="listings"),
    path("listings/export/<str:kind>", views.listings_export, name="listings_export"),
    path("listings/outlook", views.listing_outlook, name="listing_outlook"),
    path("listings/outlook/<str:kind>", views.listing_outlook_export, name="listing_outlook_export"),
    path("listings/<str:key>", views.listing, name="listing"),
]
