"""Projections of the chain: what the lists of pages sort and filter. Written only by publish, rebuilt at any time."""

from __future__ import annotations

from django.db import models


class Projected(models.Model):
    """A row that publish wrote from a snapshot; ``position`` is its place in the list's own order."""

    id = models.CharField(max_length=60, primary_key=True)
    position = models.PositiveIntegerField(db_index=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Node(Projected):
    """A node of the chain: a segment, item, equipment, technology or service."""

    name = models.CharField(max_length=200, db_index=True)
    node_kind = models.CharField(max_length=12, db_index=True)
    item_kind = models.CharField(max_length=30, blank=True)
    basis = models.CharField(max_length=10)  # asserted | imported | inferred
    is_open = models.BooleanField(db_index=True)
    need = models.CharField(max_length=10, blank=True, db_index=True)  # of the district: said | inferred | empty: none
    is_missing = models.BooleanField(default=False)  # needed, and nobody in the district is known to make it
    inputs = models.PositiveIntegerField(default=0)  # relations that end here
    outputs = models.PositiveIntegerField(default=0)  # relations that start here
    makers = models.PositiveIntegerField(default=0)
    local_makers = models.PositiveIntegerField(default=0)
    local_users = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class SupplyEnd(Projected):
    """One end of a supply link: the organisation whose end it is, and the other one. Every quantity may be unknown."""

    link = models.CharField(max_length=16)
    side = models.CharField(max_length=8)  # buyer | supplier
    organisation = models.CharField(max_length=16, db_index=True)
    organisation_name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    other = models.CharField(max_length=16, blank=True)
    other_name = models.CharField(max_length=200, blank=True)
    other_town = models.CharField(max_length=12, blank=True)
    item = models.CharField(max_length=16, db_index=True)
    item_name = models.CharField(max_length=200)
    item_kind = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=2, blank=True)
    amount_cny = models.FloatField(null=True)
    share = models.FloatField(null=True)
    sole_source = models.BooleanField(null=True)
    lead_time_days = models.FloatField(null=True)
    stock_days = models.FloatField(null=True)
    as_of = models.DateField(null=True)
    basis = models.CharField(max_length=10)


class Finding(Projected):
    """A weak, missing or single link of the district."""

    kind = models.CharField(max_length=8, db_index=True)
    node = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=200)
    node_kind = models.CharField(max_length=12)
    item_kind = models.CharField(max_length=30, blank=True)
    buyers = models.PositiveIntegerField()
    inferred_buyers = models.PositiveIntegerField()
    local_makers = models.PositiveIntegerField()
    home_makers = models.PositiveIntegerField()
    sources = models.PositiveIntegerField()
    source_name = models.CharField(max_length=200, blank=True)
    all_abroad = models.BooleanField(null=True)
    sole_buyers = models.PositiveIntegerField()
    short_buyers = models.PositiveIntegerField()


class Partner(Projected):
    """A supplier of the district for a buyer of the district."""

    node = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=200)
    item_kind = models.CharField(max_length=30, blank=True)
    buyer = models.CharField(max_length=16, db_index=True)
    buyer_name = models.CharField(max_length=200)
    buyer_town = models.CharField(max_length=12)
    need_basis = models.CharField(max_length=10)
    supplier = models.CharField(max_length=16, db_index=True)
    supplier_name = models.CharField(max_length=200)
    supplier_town = models.CharField(max_length=12)
    offered = models.CharField(max_length=16)
    offered_name = models.CharField(max_length=200)
    offer_basis = models.CharField(max_length=10)
    match = models.CharField(max_length=10)
    bought_abroad = models.BooleanField(null=True)
    supplies_already = models.BooleanField(null=True)
    amount_cny = models.FloatField(null=True)


class Problem(Projected):
    """Something wrong with the map as it was told; ``names`` are those of the nodes it is about, in their order."""

    problem = models.CharField(max_length=20, db_index=True)
    node = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    names = models.CharField(max_length=1000)
    nodes = models.PositiveIntegerField()
