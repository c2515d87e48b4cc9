"""Pages of long lists: bad page numbers show the first or the last one, and each has an address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path


def counted_page(request: HttpRequest, rows: Any, size: int, count: int) -> Page[Any]:
    """The page that the request asks for, of rows whose number is known already."""
    paginator: Paginator[Any] = Paginator(rows, size)
    # A cached property of the paginator, which else would ask the database.
    paginator.__dict__["count"] = count
    return paginator.get_page(request.GET.get("page"))


def address_of_page(request: HttpRequest, page: Page[Any]) -> str:
    """The canonical address of a page of a list: whole, and without anything but its number."""
    address = f"{settings.SITE_URL}{escape_uri_path(request.path)}"
    return f"{address}?page={page.number}" if page.number > 1 else address
