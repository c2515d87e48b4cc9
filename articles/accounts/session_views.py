"""The page that says where somebody is signed in, and ends that elsewhere."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from articles.accounts import sessions


class Sessions(LoginRequiredMixin, TemplateView):
    """The list (GET), and the end of another session, or of all but this one (POST)."""

    template_name = "account/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The places, this one first."""
        places = sessions.places(self.request)
        return super().get_context_data(**kwargs) | {
            "places": places,
            "is_elsewhere": any(not place.is_here for place in places),
        }

    # A thief of this one session shall not shut its owner out of the others.
    @method_decorator(reauthentication_required(app="allauth.account"))
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out in the `place` that is named, or everywhere else."""
        place = request.POST.get("place")
        count = sessions.end_others(request, place)
        if place is None:
            messages.success(request, _("You are signed out everywhere else."))
        elif count:
            messages.success(request, _("Signed out there."))
        else:
            messages.info(request, _("Nothing was ended: this list has changed meanwhile."))
        return redirect("account_sessions")
