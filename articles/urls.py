"""Public addresses. They are promises: once live they do not change."""

from __future__ import annotations

from django.urls import include, path, register_converter

from articles import feeds, sitemaps
from articles.public import public
from articles.slugs import SlugConverter
from articles.views import (
    article,
    cite,
    front,
    glossary,
    history,
    links,
    lists,
    looks,
    machines,
    pages,
    previews,
    sign_in,
    since,
    sources,
)

register_converter(SlugConverter, "uslug")

app_name = "articles"

urlpatterns = [
    path("", public(front.front_page), name="front_page"),
    path("site-<str:name>.css", public(looks.site_stylesheet), name="site_stylesheet"),
    # /articles/…
    path("articles/", public(lists.article_list), name="article_list"),
    path("articles/<uslug:slug>/", public(article.article), name="article"),
    path("articles/<uslug:slug>.md", public(article.article_markdown), name="article_markdown"),
    path("articles/<uslug:slug>.json", public(article.article_json), name="article_json"),
    path("articles/<uslug:slug>/cite/", public(cite.cite), name="cite"),
    path(
        "articles/<uslug:slug>/cite.bib", public(cite.cite_file), {"ending": "bib"}, name="cite_bib"
    ),
    path(
        "articles/<uslug:slug>/cite.ris", public(cite.cite_file), {"ending": "ris"}, name="cite_ris"
    ),
    path(
        "articles/<uslug:slug>/cite.json",
        public(cite.cite_file),
        {"ending": "json"},
        name="cite_json",
    ),
    path("articles/<uslug:slug>/since/", since.since_read, name="since"),
    path("articles/<uslug:slug>/history/", public(history.history), name="history"),
    path("articles/<uslug:slug>/history/<int:number>/", public(history.revision), name="revision"),
    path(
        "articles/<uslug:slug>/history/<int:old>..<int:new>/",
        public(history.comparison),
        name="comparison",
    ),
    path("articles/<uslug:slug>/links/", public(links.links), name="links"),
    path("articles/<uslug:slug>/preview/", public(previews.article), name="article_preview"),
    # Signing in
    path("accounts/sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
    path("accounts/set-password/", sign_in.set_password, name="set_password"),
    # Lists by subject and person
    path("categories/<uslug:slug>/", public(lists.category), name="category"),
    path("tags/<uslug:slug>/", public(lists.tag), name="tag"),
    path("authors/<uslug:slug>/", public(lists.author), name="author"),
    path("terms/", public(glossary.term_list), name="term_list"),
    path("terms/<uslug:slug>/", public(glossary.term), name="term"),
    path("terms/<uslug:slug>/preview/", public(previews.term), name="term_preview"),
    path("sources/", public(sources.source_list), name="source_list"),
    path("sources/<int:pk>/", public(sources.source), name="source"),
    # The site's own pages
    path("pages/<uslug:slug>/", public(pages.page), name="page"),
    # For machines
    path("feeds/articles.atom", public(feeds.articles_feed), name="articles_feed"),
    path("feeds/comments.atom", public(feeds.comments_feed), name="comments_feed"),
    path("articles/<uslug:slug>/feed.atom", public(feeds.article_feed), name="article_feed"),
    path("sitemap.xml", public(sitemaps.sitemap), name="sitemap"),
    path("sitemap-<str:section>.xml", public(sitemaps.sitemap_section), name="sitemap_section"),
    path("robots.txt", public(machines.robots), name="robots"),
    path("llms.txt", public(machines.llms), name="llms"),
    *(path(name, public(machines.icon), {"name": name}) for name in machines.ICONS),
    path("media/cards/<str:name>.png", public(machines.card), name="card"),
    # Searching: /search/ and /opensearch.xml
    path("", include("articles.search.urls")),
    # The discussion: /articles/…/discussion/ and /comments/…
    path("", include("articles.discussion.urls")),
]
