# shellcheck shell=bash disable=SC2034
# Common code of the scripts in this folder. Sourced, never run.

# Exit codes of sysexits(3).
RINGSIDE_EX_USAGE=64
RINGSIDE_EX_SOFTWARE=70
RINGSIDE_EX_CANTCREAT=73
RINGSIDE_EX_TEMPFAIL=75

# Prints one line on standard error and ends with exit code $1.
ringside_die() {
  local code=$1
  shift
  printf 'ringside: %s\n' "$*" >&2
  exit "$code"
}

# Succeeds if a file that goes into the distribution is newer than the build in folder $2 of the checkout $1.
# A deleted file is noticed by the time stamp of its folder.
ringside_build_is_stale() {
  local root=$1 built=$2/built.properties
  [[ -f $built && -d $2/lib ]] || return 0
  [[ -n $(find "$root/pom.xml" "$root"/{emulator,workloads,harness,reports,scripts}/pom.xml \
    "$root"/{emulator,workloads,harness,reports}/src/main -newer "$built" -print -quit) ]]
}

# Builds the distribution of checkout $1 into folder $2. The output of the build goes to standard error: standard output
# belongs to the command that follows.
ringside_build() {
  local root=$1 dist=$2 started=$SECONDS mark=$1/scripts/target/build-started
  touch -- "$mark"
  printf 'ringside: building (the first time Maven may also fetch libraries) ...\n' >&2
  (cd -- "$root" && ./mvnw -B -q -DskipTests package) >&2 \
    || ringside_die "$RINGSIDE_EX_SOFTWARE" "the build failed, see above; repeat it with: cd $root && ./mvnw -DskipTests package"
  # A source that was saved while the build ran may not be in it.
  touch -r "$mark" -- "$dist/built.properties"
  ringside_train "$root" "$dist"
  printf 'ringside: built in %d s\n' "$((SECONDS - started))" >&2
}

# Has the JVM remember the classes that a command loads (JEP 514), in $2/ringside.aot: commands then start in about half the
# time. Without the file they only start more slowly, so a failure here is none. No measured JVM uses it.
ringside_train() {
  local scratch
  scratch=$(mktemp -d) || return 0
  truncate -s 1M "$scratch/a.raw"
  rm -f -- "$2/ringside.aot"
  "$RINGSIDE_JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
    "-XX:AOTCacheOutput=$2/ringside.aot" "-Dringside.home=$1" -cp "$2/lib/*" ringside.harness.cli.Main \
    image convert -f raw -O qcow2 "$scratch/a.raw" "$scratch/b.qcow2" >/dev/null 2>&1 || rm -f -- "$2/ringside.aot"
  rm -rf -- "$scratch"
}

# Compiles the sources of profile $2 (bench, stress) of checkout $1.
ringside_test_compile() {
  printf 'ringside: compiling profile %s ...\n' "$2" >&2
  (cd -- "$1" && ./mvnw -B -q "-P$2" -pl emulator,workloads,harness process-test-classes) >&2 \
    || ringside_die "$RINGSIDE_EX_SOFTWARE" "profile $2 does not compile, see above"
}

# Prints the class path of profile $3 of module $2 of checkout $1.
ringside_test_classpath() {
  printf '%s/%s/target/%s/test-classes:%s/%s/target/%s/classes:%s' "$1" "$2" "$3" "$1" "$2" "$3" "$(<"$1/$2/target/$3/classpath")"
}
