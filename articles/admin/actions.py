"""What can be done with several articles at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import publishing
from articles.admin.base import BaseAdmin
from articles.admin.saved_notes import tell_gaps, who_reads_it
from articles.models import Article

# Articles that are named before they are withdrawn.
MOST_NAMED = 50
# Articles that are linked to after they were published.
MOST_LINKED = 5


class PublishActions(BaseAdmin):
    """Putting articles live and taking them off."""

    actions = ["publish_selected", "withdraw_selected"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may put articles live and take them off."""
        return request.user.has_perm("articles.publish_article")

    @admin.action(permissions=["publish"], description=gettext_lazy("Publish selected articles"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put the chosen articles live."""
        done = self._for_each(request, queryset, publishing.publish, _("Published by an action."))
        for article in Article.objects.filter(pk__in=done[:MOST_LINKED]):
            self.message_user(request, who_reads_it(article))
            tell_gaps(request, article, about=article.title)

    @admin.action(permissions=["publish"], description=gettext_lazy("Withdraw selected articles"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Take the chosen articles off the site, after asking once."""
        out = Article.Status.PUBLISHED
        live = [a for a in queryset if not a.copy_of_id and a.status == out]
        if not live or "confirmed" in request.POST:
            self._for_each(request, queryset, publishing.withdraw, _("Withdrawn by an action."))
            return None
        across = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw articles?"),
            "opts": self.opts,
            "number": len(live),
            "articles": live[:MOST_NAMED],
            "more": len(live[MOST_NAMED:]),
            # Of all that the list finds one stands for all: a form has room for a thousand fields.
            "across": across,
            "chosen": chosen[:1] if across else chosen,
        }
        return TemplateResponse(request, "admin/milepost/withdraw.html", context)

    def _for_each(
        self, request: HttpRequest, queryset: QuerySet, write: Any, message: str
    ) -> list[int]:
        """Write all of them or none, say how many were changed, and return the keys of those."""
        articles = list(queryset)
        with transaction.atomic():
            originals = [article for article in articles if not article.copy_of_id]
            done = [article for article in originals if write(article=article)]
            for article in done:
                self.log_change(request, article, message)
        text = ngettext("%d article changed.", "%d articles changed.", len(done)) % len(done)
        if len(done) < len(articles):
            text += " " + _("The others were so already, or are drafts or working copies.")
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)
        return [article.pk for article in done]
