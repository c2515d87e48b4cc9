"""The people who write, edit and moderate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.addresses import address_of
from articles.models.named import validate_slug
from articles.models.references import validate_web_address
from articles.slugs import make_slug


class PeopleManager(UserManager["User"]):
    """Users, and persons who are named as authors without being able to sign in."""

    def named(self, public_name: str) -> User:
        """The person of this public name; else a new one, who cannot sign in."""
        if found := self.with_name(public_name):
            return found
        person = User(username=self._free_username(public_name), public_name=public_name)
        person.is_active = False
        person.set_unusable_password()
        person.slug = self.free_slug(public_name)
        person.save()
        return person

    def with_name(self, public_name: str) -> User | None:
        """The person of this public name, in any case of letters; rather one who can sign in.

        User names are not looked at: a document must not reveal them.
        """
        found = self.filter(public_name__iexact=public_name)
        return found.order_by("-is_active", "pk").first()

    def owners(self) -> models.QuerySet[User]:
        """Those who may do everything, and can sign in to the admin for it."""
        return self.filter(is_superuser=True, is_active=True, is_staff=True)

    def would_lose_owners(self, people: Iterable[int]) -> bool:
        """Whether the site would have an owner no more without the people of these keys.

        Owners are held until the transaction ends: of two who take away each other one is refused.
        """
        owners = set(self.owners().select_for_update().order_by("pk").values_list("pk", flat=True))
        return bool(owners) and owners <= set(people)

    def _free_username(self, public_name: str) -> str:
        base = (make_slug(public_name) or "author")[:140]
        taken = set(self.filter(username__startswith=base).values_list("username", flat=True))
        return next(
            name
            for number in range(1, len(taken) + 2)
            if (name := base if number == 1 else f"{base}-{number}") not in taken
        )

    def free_slug(self, name: str) -> str:
        """A slug that no other person has."""
        base = (make_slug(name) or "author")[:140]
        taken = set(self.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(
            slug
            for number in range(1, len(taken) + 2)
            if (slug := base if number == 1 else f"{base}-{number}") not in taken
        )


class User(AbstractUser):
    """A person. Readers see `public_name`, never the user name or e-mail."""

    public_name = models.CharField(
        _("public name"),
        max_length=150,
        blank=True,
        help_text=_("What readers see as the author of articles."),
    )
    slug = models.CharField(
        _("slug"),
        max_length=160,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("The place of the author's page in addresses."),
    )

    biography = models.TextField(
        _("biography"),
        max_length=2000,
        blank=True,
        help_text=_("A few sentences for the author's page; an empty line parts paragraphs."),
    )
    website = models.CharField(
        _("website"), max_length=2000, blank=True, validators=[validate_web_address]
    )

    objects: ClassVar[PeopleManager] = PeopleManager()

    def __str__(self) -> str:
        return self.public_name or self.username

    def clean(self) -> None:
        """Give an author a slug as soon as there is a public name to make it from."""
        super().clean()
        if self.public_name and not self.slug:
            self.slug = User.objects.free_slug(self.public_name)
        self.slug = self.slug or None

    def get_absolute_url(self) -> str:
        """The page of the author's articles."""
        return address_of("articles:author", self.slug) if self.slug else ""
