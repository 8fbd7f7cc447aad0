# shellcheck shell=sh
# Finds the JDK that builds and runs Ringside. Sourced by mvnw (sh) and by the launcher (bash), so: POSIX shell only.
#
# Search order: RINGSIDE_JAVA_HOME, JAVA_HOME, java on PATH, then the usual install folders. RINGSIDE_JDK_ROOTS
# (colon-separated) replaces the list of install folders.

RINGSIDE_JAVA_MINIMUM=25
RINGSIDE_EX_UNAVAILABLE=69

# Prints the feature release of the Java installation in folder $1 (for example 25), or 0 where there is none. Reads the
# file "release" first, because starting a JVM for each candidate would cost tenths of a second.
ringside_java_release() {
  ringside_text=
  if [ ! -x "$1/bin/java" ]; then
    echo 0
    return 0
  fi
  if [ -r "$1/release" ]; then
    ringside_text=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || :)
  fi
  if [ -z "$ringside_text" ]; then
    ringside_text=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p' || :)
  fi
  echo "${ringside_text:-0}"
}

# Succeeds if folder $1 holds a Java installation that is new enough and, where $2 is "jdk", has a compiler.
ringside_java_suits() {
  [ "$(ringside_java_release "$1")" -ge "$RINGSIDE_JAVA_MINIMUM" ] || return 1
  [ "$2" != jdk ] || [ -x "$1/bin/javac" ]
}

# Prints the home folder of the java command on PATH, with symbolic links resolved; nothing where there is none.
ringside_java_on_path() {
  ringside_command=$(command -v java 2>/dev/null) || return 0
  ringside_command=$(readlink -f "$ringside_command" 2>/dev/null) || return 0
  dirname "$(dirname "$ringside_command")"
}

# Prints the oldest suitable installation below the install folders: the nearest to the release that is tested.
ringside_java_installed() {
  ringside_best=
  ringside_best_release=1000000
  ringside_rest="${RINGSIDE_JDK_ROOTS-/usr/lib/jvm:/usr/java:/opt:/usr/local:${HOME-}/.sdkman/candidates/java:${HOME-}/.jdks}:"
  while [ -n "$ringside_rest" ]; do
    ringside_root=${ringside_rest%%:*}
    ringside_rest=${ringside_rest#*:}
    [ -n "$ringside_root" ] || continue
    # find instead of a pattern: mvnw switches patterns off. Links are followed, as sdkman's "current" is one.
    ringside_found=$(find -L "$ringside_root" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort)
    while IFS= read -r ringside_candidate; do
      [ -n "$ringside_candidate" ] || continue
      ringside_java_suits "$ringside_candidate" "$1" || continue
      ringside_release=$(ringside_java_release "$ringside_candidate")
      if [ "$ringside_release" -lt "$ringside_best_release" ]; then
        ringside_best=$ringside_candidate
        ringside_best_release=$ringside_release
      fi
    done <<RINGSIDE_END
$ringside_found
RINGSIDE_END
  done
  [ -z "$ringside_best" ] || printf '%s\n' "$ringside_best"
}

# Prints the home folder of a suitable Java. $1: "jdk" (a compiler is needed) or "jre". On failure one line on standard
# error and a non-zero return. A wrong RINGSIDE_JAVA_HOME is an error; a wrong JAVA_HOME is passed over, because on many
# machines it points to an older default.
ringside_find_java() {
  if [ -n "${RINGSIDE_JAVA_HOME-}" ]; then
    if ringside_java_suits "$RINGSIDE_JAVA_HOME" "$1"; then
      printf '%s\n' "$RINGSIDE_JAVA_HOME"
      return 0
    fi
    echo "ringside: RINGSIDE_JAVA_HOME=$RINGSIDE_JAVA_HOME is not a JDK $RINGSIDE_JAVA_MINIMUM or later: correct it or unset it." >&2
    return "$RINGSIDE_EX_UNAVAILABLE"
  fi
  for ringside_home in "${JAVA_HOME-}" "$(ringside_java_on_path)" "$(ringside_java_installed "$1")"; do
    if [ -n "$ringside_home" ] && ringside_java_suits "$ringside_home" "$1"; then
      printf '%s\n' "$ringside_home"
      return 0
    fi
  done
  echo "ringside: no JDK $RINGSIDE_JAVA_MINIMUM or later found: install one (for example from https://adoptium.net) and set JAVA_HOME to its folder." >&2
  return "$RINGSIDE_EX_UNAVAILABLE"
}

# Without a locale (cron, CI, env -i) the JVM cannot open a file whose name is not ASCII.
ringside_utf8_locale() {
  case "${LC_ALL:-${LC_CTYPE:-${LANG-}}}" in
  '' | C | POSIX)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
  esac
}
