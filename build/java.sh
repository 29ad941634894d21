# Finds a Java that is new enough. Sourced by ./coatcheck and ./check; sets JAVA_FOUND to its home folder, or says what to install.

JAVA_NEEDED=25
JAVA_FOUND=
JAVA_TOO_OLD=

# java_major HOME: prints the feature version. Reads the release file (no process started), else asks java itself.
java_major() {
  version=
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in JAVA_VERSION=*) version=${line#JAVA_VERSION=} ;; esac
    done <"$1/release"
  fi
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  version=${version#\"}
  version=${version#1.}
  printf '%s\n' "${version%%[!0-9]*}"
}

# java_fits HOME TOOL: is it new enough, and does it have TOOL (java to run, javac to build)?
java_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/$2" ] || return 1
  major=$(java_major "$1")
  [ "${major:-0}" -ge "$JAVA_NEEDED" ] && JAVA_FOUND=$1 && return 0
  [ -n "$JAVA_TOO_OLD" ] || JAVA_TOO_OLD="Java ${major:-of an unknown version} in $1"
  return 1
}

# java_home_of FILE: the home folder behind a java executable, through symlinks.
java_home_of() {
  file=$1
  while [ -h "$file" ]; do
    link=$(readlink "$file")
    case $link in /*) file=$link ;; *) file=$(dirname -- "$file")/$link ;; esac
  done
  (CDPATH='' cd -P -- "$(dirname -- "$file")/.." 2>/dev/null && pwd)
}

# find_java TOOL: COATCHECK_JAVA decides alone when it is set; else the first that fits.
find_java() {
  if [ -n "${COATCHECK_JAVA:-}" ]; then
    chosen=$COATCHECK_JAVA
    [ -d "$chosen" ] || chosen=$(java_home_of "$chosen")
    java_fits "$chosen" "$1" && return 0
    java_missing "COATCHECK_JAVA is $COATCHECK_JAVA, which is not a $(java_wanted "$1")."
    return 78
  fi
  [ -n "${JAVA_HOME:-}" ] && java_fits "$JAVA_HOME" "$1" && return 0
  on_path=$(command -v java 2>/dev/null) && java_fits "$(java_home_of "$on_path")" "$1" && return 0
  for candidate in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/* \
    "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/* \
    "${HOME:-/nowhere}"/.local/share/mise/installs/java/* "${HOME:-/nowhere}"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/nowhere}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    java_fits "$candidate" "$1" && return 0
  done
  java_missing "Coatcheck needs a $(java_wanted "$1"), and none was found${JAVA_TOO_OLD:+ (only $JAVA_TOO_OLD)}."
  return 78
}

java_wanted() {
  if [ "$1" = javac ]; then echo "JDK $JAVA_NEEDED or newer"; else echo "Java $JAVA_NEEDED or newer"; fi
}

java_missing() {
  cat >&2 <<MESSAGE
$1
Install a JDK $JAVA_NEEDED, for example Eclipse Temurin $JAVA_NEEDED from https://adoptium.net, or with one of
  sdk install java $JAVA_NEEDED-tem · brew install --cask temurin@$JAVA_NEEDED · apt install openjdk-$JAVA_NEEDED-jdk
or set COATCHECK_JAVA to the folder of one that lies somewhere unusual.
MESSAGE
}
