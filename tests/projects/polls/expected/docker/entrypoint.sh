#!/bin/sh
# Made by djdock. Change what you like: `djdock update` keeps your edits.
set -eu

# The command takes the place of this shell, so that it is told when to stop.
exec "$@"
