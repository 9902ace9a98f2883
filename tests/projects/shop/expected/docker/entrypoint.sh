#!/bin/sh
# Made by djdock. Change what you like: `djdock update` keeps your edits.
set -eu

# wait_for ADDRESS PORT: until it accepts connections, for a minute at most. ADDRESS is a name or a URL; what names
# no host (SQLite, a socket) is not waited for.
wait_for() {
    python -c '
import socket, sys, time
from urllib.parse import urlsplit

address, port = sys.argv[1:]
if "://" in address:
    try:
        parts = urlsplit(address)
        address, port = parts.hostname, parts.port or port
    except ValueError:
        address = None
if not address or address.startswith("/"):
    sys.exit()
for attempt in range(60):
    try:
        socket.create_connection((address, int(port)), timeout=2).close()
        break
    except OSError as error:
        if attempt == 0:
            print(f"waiting for {address}:{port} ({error})", file=sys.stderr)
        time.sleep(1)
else:
    sys.exit(f"{address}:{port} accepts no connections")
' "$1" "$2"
}

wait_for db 5432

# The command takes the place of this shell, so that it is told when to stop.
exec "$@"
