# Made by djdock. Change what you like: `djdock update` keeps your edits.
# Every setting: https://docs.gunicorn.org/en/stable/settings.html
import math
import os


def first_line(path):
    try:
        with open(path) as file:
            return file.readline().strip()
    except OSError:
        return ""


def cpus():
    """How many CPUs this container may use: its limit, or at most 4 of those it sees."""
    quota, _, period = first_line("/sys/fs/cgroup/cpu.max").partition(" ")  # cgroup v2
    if not quota:
        quota = first_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")  # cgroup v1
        period = first_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if quota.isdigit() and period.isdigit() and int(period):
        return max(1, math.ceil(int(quota) / int(period)))
    return min(4, len(os.sched_getaffinity(0)))


def megabytes():
    """How much memory this container may use, or None without a limit."""
    limit = first_line("/sys/fs/cgroup/memory.max")  # cgroup v2
    if not limit:
        limit = first_line("/sys/fs/cgroup/memory/memory.limit_in_bytes")  # cgroup v1
    # cgroup v1 says "no limit" with a number that no machine has.
    if limit.isdigit() and int(limit) < 2**50:
        return int(limit) // 2**20
    return None


def worker_count():
    """One worker for each CPU and one more, as far as there are 150 MB for each."""
    memory = megabytes()
    most = 32 if memory is None else max(1, memory // 150)
    return min(cpus() + 1, most)


bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY") or worker_count())
worker_class = "gthread"
threads = int(os.environ.get("GUNICORN_THREADS") or 4)

# The project is imported once, before the workers are forked: they share its memory. Set GUNICORN_PRELOAD=0 if something that
# the import starts must run in each worker: a thread stays behind in the process that started it.
preload_app = os.environ.get("GUNICORN_PRELOAD", "1") == "1"

# Seconds that a connection stays open for the next request. Longer than the proxy keeps it.
keepalive = 5

# The heartbeat of workers in memory: on a slow disk they would be killed for being late.
worker_tmp_dir = "/dev/shm"
timeout = 60
graceful_timeout = 33

# A worker that leaks memory can be replaced after so many requests. Not by default: each replacement costs requests.
max_requests = int(os.environ.get("GUNICORN_MAX_REQUESTS") or 0)
max_requests_jitter = max_requests // 10

# Only the reverse proxy can reach this port, so what it says of the client is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "*")

# Logs go to the container's own. Requests are in the proxy's log.
errorlog = "-"

# Since 25.1 gunicorn opens a socket under $HOME, which a read-only container does not have.
control_socket_disable = True


def when_ready(server):
    # Workers have not been forked yet: what the first request would import is imported once, and shared.
    import gc
    import threading

    if not preload_app:
        return
    try:
        from django.core.cache import caches
        from django.urls import get_resolver

        get_resolver().url_patterns
        list(caches.all())
    except Exception:
        server.log.exception("The project cannot be imported whole. Requests will fail as this says.")
    # What is imported stays to the end: workers do not search it for what is free, not even when they end.
    gc.freeze()
    if threading.active_count() > 1:
        server.log.warning("Threads that the import started are not in the workers. GUNICORN_PRELOAD=0 starts them there.")


def pre_fork(server, worker):
    # Workers must not share a connection that the import opened.
    if preload_app:
        from django.core.cache import close_caches
        from django.db import connections

        connections.close_all()
        close_caches()
