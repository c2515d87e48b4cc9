"""Full-text search: what can be found, in two databases, behind `finding.search`."""
