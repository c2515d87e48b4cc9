"""What Category, Tag, Track and Term share: a name, and a slug made from it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.slugs import make_slug

validate_slug = RegexValidator(
    r"^[-\w]+\Z", _("Use letters, digits, hyphens and underscores only.")
)


class NamedQuerySet[T: "Named"](models.QuerySet[T]):
    """Finding and making rows by name."""

    def named(self, name: str) -> T:
        """The row with this name, in any case of letters; made when there is none."""
        found = self.filter(name=name).first()
        found = found or self.filter(name__iexact=name).order_by("pk").first()
        return found or self.create(name=name, slug=self.free_slug(name))

    def free_slug(self, name: str) -> str:
        """A slug for a new row: the name's own, numbered from 2 when that is taken."""
        base = make_slug(name)[:140] or self.model._meta.model_name or "item"
        taken = set(self.filter(slug__startswith=base).values_list("slug", flat=True))
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug


class Named(models.Model):
    """A site-wide name with its place in addresses."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.CharField(
        _("slug"),
        max_length=160,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("Its place in addresses; made from the name when left empty."),
    )

    objects: ClassVar[NamedQuerySet[Self]] = NamedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with a slug made from the name when there is none."""
        if not self.slug:
            self.slug = type(self).objects.free_slug(self.name)
        super().save(*args, **kwargs)
