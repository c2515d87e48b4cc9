"""Having people show once more who they are before what gives rights or takes protection away."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from articles.accounts import recency


def confirm_first(request: HttpRequest, *, at_form: bool = True) -> HttpResponse | None:
    """To where somebody shows once more who they are, unless they did of late.

    A form that was asked for in time may be sent for an hour; not where it is shown to everybody,
    and `at_form` false.
    """
    is_form = at_form and request.method == "POST" and "action" not in request.POST
    if recency.is_recent(request, recency.WHILE_WRITING if is_form else recency.RECENT):
        return None
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if not methods:
        # Who came by a link and has neither password nor factor has nothing to confirm with.
        return None
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{methods[0]['url']}?{query}")
