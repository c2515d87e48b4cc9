"""The form of an article itself; its parts are inlines beside it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.recording import RecordedForm
from articles.models import Article
from articles.validation import LANGUAGE


class ArticleForm(RecordedForm):
    """Title, answer, filing and publication of an article."""

    class Meta:
        model = Article
        fields = [
            "title", "slug", "short_answer", "language", "category", "tags", "author",
            "status", "published_at",
        ]  # fmt: skip

    def get_article(self) -> Article | None:
        """The article itself."""
        return self.instance if self.instance.pk else None

    def clean_language(self) -> str:
        """A code of the form that documents and browsers know."""
        code: str = self.cleaned_data["language"]
        if not LANGUAGE.fullmatch(code):
            raise ValidationError(_("A language is a code such as en, de or pt-BR."))
        return code

    def _post_clean(self) -> None:
        """Also refuse the slug of another article, which the database sees only as it saves."""
        super()._post_clean()  # type: ignore[misc]
        article = self.instance
        if article.copy_of_id is None and article.slug and "slug" not in self.errors:
            others = Article.objects.originals().filter(slug=article.slug).exclude(pk=article.pk)
            if other := others.first():
                # The slug was made from the title when the field was left empty.
                field = "slug" if self.data.get("slug", "").strip() else "title"
                self.add_error(field, _taken(field, other))


def _taken(field: str, other: Article) -> str:
    """That the slug, which was typed or follows from the title, is another article's."""
    message = _("Another article has this slug.")
    if field == "title":
        message = _("There is an article with this title, or one much like it, already.")
    address = reverse("admin:articles_article_change", args=[other.pk])
    link = '{} <a href="{}" target="_blank" rel="noopener">{}</a>'
    return format_html(link, message, address, other.title)


def people_choices(field: forms.ModelChoiceField) -> None:
    """Offer as authors those who write here, and those whom articles name."""
    people = field.queryset
    if people is not None:
        named = people.filter(is_staff=True) | people.exclude(public_name="")
        field.queryset = named.order_by("public_name", "username")
