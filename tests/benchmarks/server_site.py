"""Fills the site that `server` measures: run by it, with the settings of that site.

To the sample articles come generated ones, and comments on the sample that is measured.
"""

from __future__ import annotations

import sys

ARTICLES = 100
COMMENTS = 50
SLUG = "deep-learning"


def main() -> None:
    """Add everything, or say why not."""
    import django

    django.setup()
    from articles.discussion.models import Comment
    from articles.models import Article
    from tests.articles.bridges import make_article, make_long_document

    if Article.objects.count() > 10:
        sys.exit("The database holds a site already: the benchmark wants an empty one.")
    for number in range(ARTICLES):
        make_article(title=f"Article {number:03}", slug=f"article-{number:03}")
    make_article(document=make_long_document(parts=40, milestones=1000, slug="long"))
    article = Article.objects.get(slug=SLUG)
    Comment.objects.filter(article=article).delete()
    last = None
    for number in range(COMMENTS):
        last = Comment.objects.create(
            article=article,
            parent=last if number % 3 else None,
            name=f"Reader {number}",
            body="A comment of *some* length, with [a link](https://example.org/) in it.",
            status=Comment.Status.APPROVED,
        )


if __name__ == "__main__":
    main()
