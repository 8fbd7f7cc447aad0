# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A Debian root with a newer QEMU than that of the host, in a folder: made once, then kept. Sourced, never run.
#
# Debian 13 (trixie) and its backports; the programs in it are run by chroot, so nothing is installed on the host. Making and
# using it takes root. Uses start_process and kill_group of guest-server.sh.

DEBIAN_ROOT_SUITE=trixie
DEBIAN_ROOT_MIRROR=http://deb.debian.org/debian
# Seconds; on a slow machine debootstrap alone takes some minutes.
DEBIAN_ROOT_LIMIT_S=1200
# The root that is being made, and the process that does it; empty where none is.
debian_root_part=
debian_root_pid=
# Why it could not be made.
debian_root_reason=

# Prints the mirror of Debian from which the host installs its own packages, or Debian's where the host is none of Debian.
debian_root_mirror() {
  local origin label site
  while IFS='|' read -r origin label site; do
    if [[ $origin == Debian && $label == Debian && $site == http* ]]; then
      printf '%s\n' "${site%/}"
      return 0
    fi
  done < <(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(SITE)' 'Created-By: Packages' 2>/dev/null)
  printf '%s\n' "$DEBIAN_ROOT_MIRROR"
}

# Runs command $2... for the root with its output in the log $1. It is waited for in the background, where a signal ends the wait.
debian_root_run() {
  local log=$1 code=0
  shift
  start_process "$log" env DEBIAN_FRONTEND=noninteractive LC_ALL=C timeout -k 10 "$DEBIAN_ROOT_LIMIT_S" "$@"
  debian_root_pid=$started_pid
  wait "$debian_root_pid" || code=$?
  debian_root_pid=
  [[ $code -ne 0 ]] || return 0
  [[ $code -ne 124 ]] || debian_root_reason="$1 does not end within $DEBIAN_ROOT_LIMIT_S s"
  [[ -n $debian_root_reason ]] || debian_root_reason=$(grep -E '^E:' "$log" | tail -n 1 || tail -n 1 "$log")
  return 1
}

# Fills the folder $1: a minimal system from mirror $2, then the packages $3... of its backports.
debian_root_fill() {
  local into=$1 mirror=$2 log=$1.log
  shift 2
  debian_root_run "$log" debootstrap --variant=minbase --force-check-gpg "$DEBIAN_ROOT_SUITE" "$into" "$mirror" || return 1
  printf 'deb %s %s-backports main\n' "$mirror" "$DEBIAN_ROOT_SUITE" >"$into/etc/apt/sources.list.d/backports.list"
  # What only readers of the host would want: a third of the size.
  printf 'path-exclude=/usr/share/%s/*\n' doc man locale info >"$into/etc/dpkg/dpkg.cfg.d/ringside"
  debian_root_run "$log" chroot "$into" apt-get -qq update || return 1
  debian_root_run "$log" chroot "$into" apt-get -qq -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
    -t "$DEBIAN_ROOT_SUITE-backports" install "$@" || return 1
  rm -rf -- "$into"/var/cache/apt/* "$into"/var/lib/apt/lists/* "$into"/usr/share/{doc,man,locale,info}
  rm -- "$log"
}

# Makes the root $1 with packages $3... from mirror $2 (empty: the host's) where it is not there yet. It appears only when it
# is whole; two that begin at the same time make one.
debian_root_make() {
  local into=$1 mirror=$2 lock proxy=
  shift 2
  [[ ! -d $into ]] || return 0
  [[ $(id -u) -eq 0 ]] || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "only root can make the Debian root $into: run this once by sudo"
  command -v debootstrap >/dev/null || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "debootstrap is not installed: install Debian's package debootstrap"
  mkdir -p -- "${into%/*}"
  exec {lock}>"$into.lock"
  flock "$lock"
  if [[ ! -d $into ]]; then
    # The host's proxy, for the apt in the root too.
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [[ -z $proxy || -n ${http_proxy-} ]] || export http_proxy=$proxy
    [[ -n $mirror ]] || mirror=$(debian_root_mirror)
    printf 'ringside: making a Debian root with %s in %s (once, some minutes) ...\n' "$*" "$into" >&2
    # What a killed script left.
    rm -rf --one-file-system -- "$into".part*
    debian_root_part=$into.part$$
    debian_root_fill "$debian_root_part" "$mirror" "$@" \
      || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "no Debian root from $mirror (${debian_root_reason#E: }): is there a network? --mirror takes another one"
    mv -T -- "$debian_root_part" "$into"
    debian_root_part=
  fi
  exec {lock}>&-
}

# Removes a root that was not finished. debootstrap may leave its /proc mounted when it is killed.
debian_root_forget() {
  if [[ -n $debian_root_pid ]]; then
    kill_group "$debian_root_pid"
    wait "$debian_root_pid" 2>/dev/null || true
  fi
  [[ -n $debian_root_part ]] || return 0
  umount "$debian_root_part/proc" "$debian_root_part/sys" 2>/dev/null || true
  rm -rf --one-file-system -- "$debian_root_part" "$debian_root_part.log"
}
