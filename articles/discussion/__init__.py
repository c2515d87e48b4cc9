"""The discussion of articles: comments, threads and moderation; an app of its own."""
