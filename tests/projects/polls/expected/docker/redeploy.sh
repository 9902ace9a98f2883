#!/bin/sh
# Made by djdock. Change what you like: `djdock update` keeps your edits.
set -eu

usage() {
    cat <<'END'
usage: docker/redeploy.sh [--no-build] [--env-file FILE] [--project-name NAME]

Replaces the running containers without losing a request: builds the images, applies migrations, starts new containers
beside the old ones, waits until they are healthy, sends all requests to them, and lets the old ones finish.
If something fails, the old containers stay. The images of before keep the tag `previous`:

    IMAGE_TAG=previous docker/redeploy.sh --no-build
END
}

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
env_file=$root/.env
project=''
build=yes
once=migrate
while [ "$#" -gt 0 ]; do
    case $1 in
        --no-build) build='' ;;
        --env-file)
            env_file=${2:?--env-file needs a file}
            shift
            ;;
        --project-name)
            project=${2:?--project-name needs a name}
            shift
            ;;
        --help)
            usage
            exit
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done

say() {
    printf 'redeploy: %s\n' "$*" >&2
}

tag=''
compose() {
    env ${tag:+IMAGE_TAG="$tag"} docker compose --file "$root"/compose.prod.yaml --env-file "$env_file" \
        ${project:+--project-name "$project"} "$@"
}

# containers SERVICE: those of a service, also the ended ones.
containers() {
    compose ps --all --quiet "$1"
}

# last_words CONTAINER…: the ends of their logs.
last_words() {
    for container; do
        docker logs --tail 30 "$container" >&2 || true
    done
}

# added: the containers that were not there before.
added() {
    for container in $(containers web); do
        case " $old " in
            *" $container "*) ;;
            *) printf '%s\n' "$container" ;;
        esac
    done
}

# are_healthy CONTAINER…: waits for each; the health check says for how long. False if one fails or starts again.
are_healthy() {
    for container; do
        while :; do
            state=$(docker inspect --format \
                '{{.State.Status}} {{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$container")
            case $state in
                'running 0 healthy' | 'running 0 ') break ;;
                'running 0 starting') sleep 1 ;;
                *) return 1 ;;
            esac
        done
    done
}

# addresses PROXY CONTAINER…: the address of each container in a network that the proxy is in, too.
addresses() {
    # shellcheck disable=SC2016
    format='{{range $name, $network := .NetworkSettings.Networks}}{{println $name $network.IPAddress}}{{end}}'
    shared=" $(docker inspect --format "$format" "$1" | cut -d ' ' -f 1 | tr '\n' ' ') "
    shift
    for container; do
        docker inspect --format "$format" "$container" | while read -r network address; do
            case $shared in
                *" $network "*)
                    printf '%s\n' "$address"
                    break
                    ;;
            esac
        done
    done
}

# route [CONTAINER…]: lets the proxy send requests to these alone; without any, to all that there are.
route() {
    proxy=$(compose ps --quiet nginx)
    [ -n "$proxy" ] || return 0
    servers=''
    for address in $(addresses "$proxy" "$@"); do
        servers="${servers:+$servers; server }$address:8000 max_fails=0"
    done
    if [ -n "$servers" ]; then
        set -- --env "NGINX_APP_SERVERS=$servers"'; server web:8000 resolve max_fails=0 backup'
    else
        set --
    fi
    # shellcheck disable=SC2016
    docker exec "$@" "$proxy" sh -c '/docker-entrypoint.d/20-envsubst-on-templates.sh > /dev/null 2>&1 && nginx -t -q && nginx -q -s reload' ||
        say 'the proxy did not take its configuration again: it goes on as before'
}

old=''
replaced=''
lock=''
finish() {
    status=$?
    trap - EXIT
    trap '' HUP INT TERM
    if [ -n "$old" ] && [ -z "$replaced" ]; then
        for container in $(added); do
            docker rm --force "$container" >/dev/null
        done
        route
        say 'the old containers answer as before'
    fi
    [ -z "$lock" ] || rm -rf -- "$lock"
    exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Never two at once.
stack=$(compose config) || {
    say 'Compose cannot read the stack: mend what it says'
    exit 1
}
name=$(printf '%s\n' "$stack" | sed -n 's/^name: //p')
place=${TMPDIR:-/tmp}/redeploy-$name.lock
if ! mkdir "$place" 2>/dev/null; then
    holder=$(cat "$place/process" 2>/dev/null || true)
    if [ -z "$holder" ] || kill -0 "$holder" 2>/dev/null || [ -d "/proc/$holder" ]; then
        say "another one is at work on $name (process ${holder:-unknown}); if it is not, remove $place"
        exit 1
    fi
    say "process $holder was cut off here: starting anew"
fi
lock=$place
printf '%s\n' "$$" >"$lock/process"

if [ -n "$build" ]; then
    compose build || {
        say 'the images could not be built'
        exit 1
    }
fi

if [ -z "$(compose ps --quiet web)" ]; then
    say 'nothing runs yet: starting everything'
    compose up --detach --wait --no-build
    exit
fi

# These run once more, with the new images: migrations before anything else.
for service in $once; do
    for container in $(containers "$service"); do
        docker wait "$container" >/dev/null
        docker rm "$container" >/dev/null
    done
done

# failed_once: true if one of them failed; prints what they said.
failed_once() {
    for service in $once; do
        for container in $(containers "$service"); do
            [ "$(docker inspect --format '{{.State.ExitCode}}' "$container")" = 0 ] && continue
            last_words "$container"
            say "$service failed: mend what it says, and run this again"
            return 0
        done
    done
    return 1
}

# remember SERVICE…: gives the images that run now the tag `previous`.
remember() {
    ! compose config --images | grep -q ':previous$' || return 0
    for service; do
        for container in $(compose ps --quiet "$service"); do
            image=$(docker inspect --format '{{.Config.Image}}' "$container")
            docker tag "$(docker inspect --format '{{.Image}}' "$container")" "${image%:*}:previous"
        done
    done
}

# replace SERVICE…: ends the old containers of a service and starts the new ones, as many as there were.
replace() {
    for service; do
        running=$(compose ps --quiet "$service" | wc -l)
        [ "$running" -gt 0 ] || running=1
        compose up --detach --wait --no-deps --no-build --scale "$service=$((running))" "$service" || return 1
    done
}

old=$(containers web | tr '\n' ' ')
remember nginx web
# Those that a run before this one left behind count once.
count=$(cat "$lock/count" 2>/dev/null || compose ps --quiet web | wc -l)
count=$((count))
printf '%s\n' "$count" >"$lock/count"

# The name leads to new containers before they can answer.
# shellcheck disable=SC2086
route $old
# shellcheck disable=SC2086
set -- $old
if ! compose up --detach --no-build --no-recreate --scale "web=$(($# + count))" web; then
    failed_once || say 'the new containers could not be started; web must have neither container_name nor a published port'
    exit 1
fi
new=$(added)
say 'waiting until the new containers are healthy'
# shellcheck disable=SC2086
if ! are_healthy $new; then
    # shellcheck disable=SC2086
    last_words $new
    say 'the new containers are not healthy: mend what the log says, and run this again'
    exit 1
fi

# The proxy's container stays, unless its own files have changed: then requests fail while it is replaced.
# A new tag alone is no change.
is_current() {
    image=$(docker inspect --format '{{.Config.Image}}' "$1")
    next=$(compose config --images | grep "^${image%:*}:" | head -n 1)
    [ "$(docker inspect --format '{{.Image}}' "$1")" = "$(docker image inspect --format '{{.Id}}' "$next")" ] || return 1
    tag=${image##*:}
    is=$(compose config --hash nginx | cut -d ' ' -f 2)
    tag=''
    was=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$1")
    [ "$is" = "$was" ]
}
container=$(compose ps --quiet nginx)
if [ -z "$container" ] || ! is_current "$container"; then
    replace nginx
fi

# From here on the new containers answer, and this ends what it began.
trap '' HUP INT TERM
replaced=yes
# shellcheck disable=SC2086
route $new
say 'the new containers answer; the old ones finish what they began'
sleep 11
# shellcheck disable=SC2086
docker stop $old >/dev/null
# shellcheck disable=SC2086
docker rm $old >/dev/null
route
say 'done'
