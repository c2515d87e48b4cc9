"""Mail in tests: running what waits."""

from articles.management.task_worker import make_worker, run_next

IN_MEMORY = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def run_what_waits():
    """Run every task that is due, as the worker of a site would; how many there were."""
    worker = make_worker()
    count = 0
    while run_next(worker):
        count += 1
    return count
