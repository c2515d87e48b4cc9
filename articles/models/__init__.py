"""The models of the articles app, one concern a file."""

from articles.models.article import Article, Category, OldSlug, Tag
from articles.models.pages import Page
from articles.models.parts import Fact, InfoboxRow, Question, RelatedTerm, Section
from articles.models.people import User
from articles.models.references import Citation, Reference, Source
from articles.models.relations import RelatedArticle
from articles.models.revisions import RenderedArticle, Revision
from articles.models.site_settings import SiteSettings
from articles.models.terms import Term, TermName, TermUse
from articles.models.upkeep import Backup

__all__ = [
    "Article",
    "Backup",
    "Category",
    "Citation",
    "Fact",
    "InfoboxRow",
    "OldSlug",
    "Page",
    "Question",
    "Reference",
    "RelatedArticle",
    "RelatedTerm",
    "RenderedArticle",
    "Revision",
    "Section",
    "SiteSettings",
    "Source",
    "Tag",
    "Term",
    "TermName",
    "TermUse",
    "User",
]
