# shellcheck shell=bash disable=SC2034,SC2154
# The server that scripts/guest-test and scripts/vfio-user-test test: start, kill, stop. Sourced, never run.
#
# Uses from the caller: server_template, server_log, socket, image, queues.

server_pid=
# The protocol of ringside serve.
server_protocol=vhost-user
# More words for ringside serve.
server_options=

# Prints the command template behind name $1; any other text is a template itself.
server_template_of() {
  case $1 in
  ringside)
    printf '%q serve --protocol %s --socket {socket} --blockdev driver=raw,file={image},cache=none,aio=io_uring,discard=unmap --queues {queues} --iothreads {queues} %s' \
      "$root/scripts/ringside" "$server_protocol" "$server_options"
    ;;
  qemu-storage-daemon)
    printf '%s' 'qemu-storage-daemon' \
      ' --blockdev driver=file,node-name=file0,filename={image},discard=unmap,cache.direct=on,aio=io_uring' \
      ' --blockdev driver=raw,node-name=disk0,file=file0,discard=unmap' \
      ' --export type=vhost-user-blk,id=export0,node-name=disk0,addr.type=unix,addr.path={socket},writable=on,num-queues={queues}'
    ;;
  *) printf '%s' "$1" ;;
  esac
}

# Starts command $2... in a process group of its own, its output appended to file $1, and sets started_pid. It dies with this script, however that ends.
start_process() {
  local log=$1
  shift
  setsid setpriv --pdeathsig KILL "$@" >>"$log" 2>&1 </dev/null &
  started_pid=$!
}

is_alive() {
  [[ -n $1 ]] && kill -0 "$1" 2>/dev/null
}

# Waits at most $1 seconds for the end of process $2.
wait_for_end() {
  local deadline=$((SECONDS + $1))
  while is_alive "$2"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

kill_group() {
  [[ -z $1 ]] || kill -KILL -- "-$1" 2>/dev/null || true
}

# A listening socket has the flag SO_ACCEPTCON; the file alone may be left from a killed server.
server_listens() {
  awk -v path="$socket" '$4 == "00010000" && $NF == path { found = 1 } END { exit !found }' /proc/net/unix
}

server_start() {
  local command=$server_template deadline=$((SECONDS + 60))
  command=${command//'{socket}'/$(printf %q "$socket")}
  command=${command//'{image}'/$(printf %q "$image")}
  command=${command//'{queues}'/$queues}
  printf '== %s\n' "$command" >>"$server_log"
  start_process "$server_log" bash -c "exec $command"
  server_pid=$started_pid
  until server_listens; do
    is_alive "$server_pid" || fail "the server ended before it listened: $(tail -n 1 "$server_log")"
    ((SECONDS < deadline)) || fail "the server does not listen on its socket within 60 s"
    sleep 0.05
  done
}

# As a crash would: no handler runs.
server_kill() {
  kill_group "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  server_pid=
}

# Ends the server by SIGTERM and sets server_code to its exit code.
server_stop() {
  local pid=$server_pid
  kill -TERM "$pid" 2>/dev/null || fail "the server ended by itself"
  wait_for_end 10 "$pid" || fail "the server does not end within 10 s of SIGTERM"
  server_code=0
  wait "$pid" || server_code=$?
  server_pid=
  # 128 + 15: a program without handler, and a JVM also with one.
  [[ $server_code -eq 0 || $server_code -eq 143 ]] || fail "the server ended with code $server_code after SIGTERM"
}
