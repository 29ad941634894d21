# A PostgreSQL of the system's own packages, on a free port and a folder of its own, for as long as the caller needs it.

# find_postgres: sets POSTGRES_BIN to the newest one that is 15 or later; fails if there is none.
find_postgres() {
  POSTGRES_BIN=
  for bin in /usr/lib/postgresql/*/bin; do
    version=${bin%/bin}
    version=${version##*/}
    if [ -x "$bin/initdb" ] && [ "$version" -ge 15 ] 2>/dev/null; then
      POSTGRES_BIN=$bin
    fi
  done
  [ -n "$POSTGRES_BIN" ]
}

# as_postgres COMMAND…: root may not run a server.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

# start_postgres [OPTION…]: with these options of the server, else as fast and as little durable as tests like it.
# Sets POSTGRES_URL, POSTGRES_DATA and POSTGRES_RESTART, a command that ends it without farewell and starts it again.
start_postgres() {
  POSTGRES_DATA=$(mktemp -d /tmp/coatcheck-postgres.XXXXXX)
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$POSTGRES_DATA"
  fi
  port=$((20000 + $$ % 20000))
  as_postgres "$POSTGRES_BIN/initdb" -D "$POSTGRES_DATA/data" -U postgres -A trust >"$POSTGRES_DATA/log" 2>&1 || return 1
  as_postgres "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DATA/data" -l "$POSTGRES_DATA/server.log" -w \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= ${*:--c fsync=off}" start >/dev/null || return 1
  POSTGRES_RESTART="$POSTGRES_BIN/pg_ctl -D $POSTGRES_DATA/data -l $POSTGRES_DATA/server.log -w -m immediate restart"
  if [ "$(id -u)" = 0 ]; then
    POSTGRES_RESTART="runuser -u postgres -- $POSTGRES_RESTART"
  fi
  POSTGRES_URL=postgresql://postgres@127.0.0.1:$port/postgres
}

stop_postgres() {
  as_postgres "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DATA/data" -m immediate stop >/dev/null 2>&1 || :
  rm -rf "$POSTGRES_DATA"
}
