"""The form of a comment: shown, sent, sent back with its text, answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.access import Moved, editor_of, get_article, redirect_with_query, wants_fragment
from articles.discussion import limits, moderation
from articles.discussion.forms import CommentForm, parent_gone
from articles.discussion.guests import Writer, remember, user_of, writer_of
from articles.discussion.models import Comment
from articles.discussion.thread import discussion_address, new_entry, place_of
from articles.discussion.views import manage_address
from articles.models import Article, SiteSettings
from articles.upkeep import read_only

# A request that is larger holds no comment, and is not read.
MOST_BYTES = 1_000_000


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked by the view, so that a form that fails it comes back whole."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason

    def fails(self, request: HttpRequest) -> bool:
        """Whether another site may have sent this request."""
        self.process_request(request)
        return self.process_view(request, _no_response, (), {}) is not None


def _no_response(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


# The check is made below: a browser without the cookie would else lose what was typed.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a comment, about `?about=` or in reply to `?parent=`, and what it sends.

    422 and 429 bring the form back with its text and what is wrong.
    """
    try:
        article = get_article(slug, editor_of(request))
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:new_comment", args=[moved.slug]))
    site = SiteSettings.current()
    if not (site.discussion_open and article.is_live) or read_only.current():
        return _show(request, article, site, None, status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        return _show(request, article, site, _asked_for(request, article, site))
    if _size(request) > MOST_BYTES:
        return _too_large(request, article)
    return _send(request, article, site)


def _asked_for(request: HttpRequest, article: Article, site: SiteSettings) -> CommentForm:
    """An empty form, about what the address names, as far as that is there."""
    about, parent = request.GET.get("about", ""), request.GET.get("parent", "")
    who: dict[str, Any] = {"site": site, "user": user_of(request)}
    probe = CommentForm({"about": about, "parent": parent}, article=article, **who)
    probe.full_clean()
    form = CommentForm.fresh(
        article,
        about="" if probe.has_error("about") else about,
        parent="" if probe.has_error("parent") else parent,
        in_place=wants_fragment(request),
        **who,
    )
    form.part, form.parent_comment = probe.part, probe.parent_comment
    form.notes = [*probe.errors.get("parent", ()), *probe.errors.get("about", ())]
    return form


def _send(request: HttpRequest, article: Article, site: SiteSettings) -> HttpResponse:
    writer = writer_of(request)
    form = CommentForm(request.POST, article=article, site=site, user=writer.user)
    if _CsrfCheck(_no_response).fails(request):
        form.add_error(None, _("Your browser kept no cookie of this form. Please send it again."))
        return _show(request, article, site, form.sent_back(), status=422)
    submission = form.sent_submission()
    if submission and (first := moderation.find_submission(submission)):
        return _answer(request, first)
    if not form.is_valid():
        return _show(request, article, site, form.sent_back(), status=422)
    try:
        limits.check(writer, site)
        comment = _post(form, writer, site)
    except limits.TooMany as wait:
        return _ask_to_wait(request, article, site, form, wait)
    except moderation.ParentGone:
        form.add_error("parent", parent_gone())
        return _show(request, article, site, form.sent_back(), status=422)
    return _answer(request, comment)


def _post(form: CommentForm, writer: Writer, site: SiteSettings) -> Comment:
    cleaned = form.cleaned_data
    public_name = writer.user.public_name if writer.user else ""
    return moderation.post(
        article=form.article,
        writer=writer,
        site=site,
        content=moderation.Content(
            submission=cleaned["submission"],
            name=(public_name or cleaned.get("name", ""))[:80],
            email=cleaned.get("email", ""),
            body=cleaned["body"],
            about=form.part,
            parent=form.parent_comment,
            is_spam=form.is_trapped,
        ),
    )


# Answers ------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    article: Article,
    site: SiteSettings,
    form: CommentForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The form, as a page or a piece of one; without a form, why there is none."""
    is_fragment = wants_fragment(request)
    context: dict[str, Any] = {
        "article": article,
        "site": site,
        "form": form,
        "in_place": is_fragment,
        "action": reverse("articles:new_comment", args=[article.slug]),
        "back": discussion_address(article),
    }
    if form:
        parent = form.parent_comment
        context |= {"parent": parent, "part": form.part}
        context["will_wait"] = _will_wait(request, site)
        if parent is None:
            form.offer_parts()
    name = ("form" if form else "closed") if is_fragment else "new"
    response = render(request, f"discussion/{name}.html", context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _will_wait(request: HttpRequest, site: SiteSettings) -> bool:
    """Whether a comment of this person will be held, to be said before it is written."""
    writer = writer_of(request)
    return moderation.first_status(writer, site) == Comment.Status.HELD


def _ask_to_wait(
    request: HttpRequest,
    article: Article,
    site: SiteSettings,
    form: CommentForm,
    wait: limits.TooMany,
) -> HttpResponse:
    message = ngettext(
        "Many comments came from you or your network. Your text is kept here: please send it "
        "again in %(n)d minute.",
        "Many comments came from you or your network. Your text is kept here: please send it "
        "again in %(n)d minutes.",
        wait.minutes,
    )
    form.add_error(None, message % {"n": wait.minutes})
    response = _show(request, article, site, form.sent_back(), status=429)
    response.headers["Retry-After"] = str(wait.seconds)
    return response


def _answer(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Where the comment is now, or that it is held and where its writer sees how it stands."""
    held = not comment.is_approved
    own = manage_address(comment)
    response: HttpResponse
    if wants_fragment(request):
        context = {
            "comment": comment,
            "entry": None if held else new_entry(comment),
            "held": held,
            "manage_address": "" if comment.user_id else own,
            "article": comment.article,
        }
        response = render(request, "discussion/posted.html", context)
    else:
        response = HttpResponseRedirect(own if held else place_of(comment))
    remember(response, comment.person)
    return response


def _size(request: HttpRequest) -> int:
    """How many bytes the request says that it has."""
    text = str(request.headers.get("content-length") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _too_large(request: HttpRequest, article: Article) -> HttpResponse:
    """413, without reading what came; HTMX leaves the form with its text where it is."""
    context = {"article": article, "back": discussion_address(article)}
    if not wants_fragment(request):
        return render(request, "discussion/too_large.html", context, status=413)
    response = render(request, "discussion/too_large_note.html", context, status=422)
    response.headers["HX-Retarget"] = "find .problems-slot"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
