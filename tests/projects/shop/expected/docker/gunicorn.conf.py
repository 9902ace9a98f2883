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

# The heartbeat of workers in memory: on a slow disk they would be killed for being late.
worker_tmp_dir = "/dev/shm"
timeout = 60
graceful_timeout = 33

# A leak never grows for long; the jitter keeps workers from restarting all at once.
max_requests = 1000
max_requests_jitter = 100

# Only the reverse proxy can reach this port, so what it says of the client is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "*")

# Logs go to the container's own, with the client's address instead of the proxy's.
accesslog = "-"
errorlog = "-"
access_log_format = '%({x-forwarded-for}i)s %(t)s "%(r)s" %(s)s %(b)s %(M)sms "%(f)s" "%(a)s"'

# Since 25.1 gunicorn opens a socket under $HOME, which a read-only container does not have.
control_socket_disable = True
