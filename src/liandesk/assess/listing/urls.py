"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.listing import views

urlpatterns: list[URLPattern] = [
    path("listings/", views.listings, name="listings"),
    path("listings/export/<str:kind>", views.listings_export, name="listings_export"),
    path("listings/boards", views.listing_boards, name="listing_boards"),
    path("listings/boards/<str:kind>", views.listing_boards_export, name="listing_boards_export"),
    path("listings/outlook", views.listing_outlook, name="listing_outlook"),
    path("listings/outlook/<str:kind>", views.listing_outlook_export, name="listing_outlook_export"),
    path("listings/<str:key>", views.listing, name="listing"),
    path("listings/<str:key>/states", views.listing_enter, name="listing_enter"),
    path("listings/<str:key>/states/confirm", views.listing_confirm, name="listing_confirm"),
]
