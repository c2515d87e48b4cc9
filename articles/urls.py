"""Public addresses. They are promises: once live they do not change."""

from __future__ import annotations

from django.urls import include, path, register_converter

from articles import feeds, sitemaps
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
    path("", front.front_page, name="front_page"),
    path("site-<str:name>.css", looks.site_stylesheet, name="site_stylesheet"),
    # /articles/…
    path("articles/", lists.article_list, name="article_list"),
    path("articles/<uslug:slug>/", article.article, name="article"),
    path("articles/<uslug:slug>.md", article.article_markdown, name="article_markdown"),
    path("articles/<uslug:slug>.json", article.article_json, name="article_json"),
    path("articles/<uslug:slug>/cite/", cite.cite, name="cite"),
    path("articles/<uslug:slug>/cite.bib", cite.cite_file, {"ending": "bib"}, name="cite_bib"),
    path("articles/<uslug:slug>/cite.ris", cite.cite_file, {"ending": "ris"}, name="cite_ris"),
    path("articles/<uslug:slug>/cite.json", cite.cite_file, {"ending": "json"}, name="cite_json"),
    path("articles/<uslug:slug>/since/", since.since_read, name="since"),
    path("articles/<uslug:slug>/history/", history.history, name="history"),
    path("articles/<uslug:slug>/history/<int:number>/", history.revision, name="revision"),
    path(
        "articles/<uslug:slug>/history/<int:old>..<int:new>/",
        history.comparison,
        name="comparison",
    ),
    path("articles/<uslug:slug>/links/", links.links, name="links"),
    path("articles/<uslug:slug>/preview/", previews.article, name="article_preview"),
    # Signing in
    path("accounts/sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
    path("accounts/set-password/", sign_in.set_password, name="set_password"),
    # Lists by subject and person
    path("categories/<uslug:slug>/", lists.category, name="category"),
    path("tags/<uslug:slug>/", lists.tag, name="tag"),
    path("authors/<uslug:slug>/", lists.author, name="author"),
    path("terms/", glossary.term_list, name="term_list"),
    path("terms/<uslug:slug>/", glossary.term, name="term"),
    path("terms/<uslug:slug>/preview/", previews.term, name="term_preview"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<int:pk>/", sources.source, name="source"),
    # The site's own pages
    path("pages/<uslug:slug>/", pages.page, name="page"),
    # For machines
    path("feeds/articles.atom", feeds.articles_feed, name="articles_feed"),
    path("feeds/comments.atom", feeds.comments_feed, name="comments_feed"),
    path("articles/<uslug:slug>/feed.atom", feeds.article_feed, name="article_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<str:section>.xml", sitemaps.sitemap_section, name="sitemap_section"),
    path("robots.txt", machines.robots, name="robots"),
    path("llms.txt", machines.llms, name="llms"),
    *(path(name, machines.icon, {"name": name}) for name in machines.ICONS),
    path("media/cards/<str:name>.png", machines.card, name="card"),
    # Searching: /search/ and /opensearch.xml
    path("", include("articles.search.urls")),
    # The discussion: /articles/…/discussion/ and /comments/…
    path("", include("articles.discussion.urls")),
]
