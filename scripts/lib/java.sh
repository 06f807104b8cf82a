# shellcheck shell=bash
# Finds or installs a JDK >= 21 and Maven, and builds the jar. To be sourced after common.sh.

JAVA_MIN=21
JAR=$ROOT/target/natsjob.jar

# java_major HOME: the version of the JDK or JRE in that folder, 0 if there is none.
java_major() {
  local version
  version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || true
  printf '%s\n' "${version:-0}"
}

# usable_java HOME TOOL: new enough, and with that tool (java or javac)?
usable_java() {
  [ -n "$1" ] && [ -x "$1/bin/$2" ] && [ "$(java_major "$1")" -ge "$JAVA_MIN" ]
}

# find_java TOOL: prints the home of a usable one, in this order: JAVA_HOME, the path, the newest in /usr/lib/jvm.
find_java() {
  local tool=$1 home best='' major best_major=0
  if usable_java "${JAVA_HOME:-}" "$tool"; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  if have "$tool"; then
    home=$(dirname "$(dirname "$(readlink -f "$(command -v "$tool")")")")
    if usable_java "$home" "$tool"; then
      printf '%s\n' "$home"
      return
    fi
  fi
  for home in /usr/lib/jvm/*; do
    if usable_java "$home" "$tool"; then
      major=$(java_major "$home")
      if [ "$major" -gt "$best_major" ]; then
        best=$home
        best_major=$major
      fi
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

install_jdk() {
  local version
  can_apt || return 1
  apt_update
  for version in 21 25 24 23 22; do
    if apt_has "openjdk-$version-jdk-headless"; then
      apt_install "openjdk-$version-jdk-headless"
      return
    fi
  done
  return 1
}

# need_java TOOL: exports JAVA_HOME, or says what to install.
need_java() {
  local home
  if ! home=$(find_java "$1"); then
    install_jdk || true
    home=$(find_java "$1") || die "natsjob needs a JDK of version $JAVA_MIN or later, and there is none in JAVA_HOME, on the path or in /usr/lib/jvm.
Install one and run this again:
  Debian 13, Ubuntu 24.04 and later:  apt-get install openjdk-21-jdk-headless
  Debian 12 and others:               Eclipse Temurin 21 or 25 from https://adoptium.net/installation/ ; then set JAVA_HOME to its folder"
  fi
  export JAVA_HOME=$home
}

need_maven() {
  need_command mvn maven
}

# Builds target/natsjob.jar, without tests, if there is none or if it is older than the sources.
need_jar() {
  if [ -f "$JAR" ] && [ -z "$(find "$ROOT/pom.xml" "$ROOT/src/main" -newer "$JAR" -print -quit)" ]; then
    need_java java
    return
  fi
  need_java javac
  need_maven
  say "building target/natsjob.jar (the first time Maven fetches what it needs)"
  (cd "$ROOT" && mvn -q -Dmaven.test.skip=true package)
}
