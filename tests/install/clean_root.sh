#!/usr/bin/env bash
# clean_root.sh BUILD_DIR: packs what is built there, and tries the packages where nothing else is: in a minimal Debian
# root, without compiler and network, as an ordinary user. The root and the packages it needs come from the archive
# that this machine's apt uses, and are kept in BUILD_DIR/clean-root. The last line counts what passed.
# Needs root, debootstrap and dpkg-dev; without them it is skipped, unless TWICE_REQUIRE names `install`.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${1:?usage: clean_root.sh BUILD_DIR}")
cache=$build/clean-root
passed=0 failed=0

skip() {
  if [[ " ${TWICE_REQUIRE:-} " =~ [\ ,]install[\ ,] ]]; then
    echo "FAILED: the packages cannot be tried: $1" >&2
    echo "0 passed, 1 failed"
    exit 1
  fi
  echo "skipped, the packages were not tried: $1"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

[ "$(id -u)" = 0 ] || skip "only root can enter another root"
for tool in debootstrap dpkg-deb dpkg-shlibdeps cpack apt-get unshare; do
  command -v "$tool" >/dev/null || skip "there is no $tool"
done
unshare --net --mount --pid --fork mount -t proc proc /proc 2>/dev/null || skip "unshare is not allowed here"

# timed NAME COMMAND...
timed() {
  local name=$1 begin=$SECONDS status=0
  shift
  "$@" || status=$?
  echo "== $name: $((SECONDS - begin)) s" >&2
  return $status
}

# verdict WHAT STATUS
verdict() {
  if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}

# must WHAT COMMAND...: without this, nothing else can be tried.
must() {
  local what=$1
  shift
  if timed "$what" "$@"; then
    verdict "$what" 0
  else
    verdict "$what" 1
    finish
    exit 1
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$cache/archives/partial" "$root"

# --- the root

codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$codename" ] || skip "/etc/os-release names no release"
base=$cache/base-$codename-$(dpkg --print-architecture).tar

make_base() {
  [ -e "$base" ] && return
  local mirror proxy=
  mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(SITE)' 'Created-By: Packages' |
    awk -v wanted="$codename" '$1 == wanted && $2 == "main" { print $3; exit }')
  [ -n "$mirror" ] || skip "apt knows no archive of $codename here"
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase "$codename" "$work/base" "$mirror" \
    >"$cache/debootstrap.log" 2>&1 || { tail "$cache/debootstrap.log" >&2; skip "debootstrap failed"; }
  rm -rf "$work"/base/var/cache/apt/archives/*.deb "$work"/base/var/lib/apt/lists/*
  tar -C "$work/base" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf "$base.new" .
  mv "$base.new" "$base"
  rm -rf "$work/base"
}

# inside USER COMMAND...: in the root, without network; only its own processes are in sight.
inside() {
  unshare --net --mount --pid --fork bash -c '
    root=$1 user=$2; shift 2
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc"
    exec chroot --userspec="$user" "$root" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=$learner_home LANG=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive bash -c "cd \"\$1\" && shift && exec \"\$@\"" in "$@"' \
    inside "$root" "$@"
}
learner_home=/srv/learner learner=1000:1000

# battery NAME PROGRAM: the whole battery from an empty folder.
battery() {
  local folder="$learner_home/my work/$1" counts
  mkdir -p "$root$folder"
  chown -R "$learner" "$root$learner_home"
  inside $learner "$folder" bash /expected/battery.sh "$@" /expected >"$work/report" 2>&1 || true
  grep -v ' passed, ' "$work/report" || true
  counts=$(sed -n "s/^$1: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p" "$work/report")
  [ -n "$counts" ] || counts="0 1"
  passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
}

# --- what is expected

expect() {
  local to=$root/expected example=scenarios/loaders/crash-at-800
  mkdir -p "$to"
  cp tests/install/battery.sh "$to"
  # As the README prints it, without the margin.
  sed -n '/worked-example:begin/,/worked-example:end/p' README.md | sed '/worked-example/d; s/^    //' |
    sed '1{/^$/d}; ${/^$/d}' >"$to/worked-example"
  grep "^${example#scenarios/}:" tests/golden/loaders.hash | awk '{ print "hash " $2 }' >"$to/hashes"
  find scenarios -name '*.toml' | LC_ALL=C sort >"$to/scenarios"
  find lessons -name lesson.md | wc -l >"$to/lessons"
  if grep -q '^TWICE_UI:BOOL=ON' "$build/CMakeCache.txt"; then
    XDG_STATE_HOME=$work/state "$build/cli/twice" ui $example.toml --at end --screenshot "$to/picture.png"
  else
    echo "this build has no desktop lab; its pictures are not tried" >&2
  fi
}

# --- the packages

pack() {
  rm -rf "$build/packages"
  cpack --config "$build/CPackConfig.cmake" >"$cache/cpack.log" 2>&1 || { cat "$cache/cpack.log" >&2; return 1; }
}

# What the package needs beside the root goes to /packages, for dpkg to install in one go.
fetch_needed() {
  local file lists=(-o "Dir::State::status=$root/var/lib/dpkg/status" -o "Dir::Cache::archives=$cache/archives"
    -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o APT::Install-Recommends=0)
  # "Inst libfmt9 (9.1.0+ds1-2 Debian:12.11/stable [amd64])"
  apt-get "${lists[@]}" --simulate install "$deb" 2>"$cache/apt.log" |
    sed -n '/^Inst twice /d; s/^Inst \([^ ]*\) .*(\([^ ]*\) .*\[\([a-z0-9]*\)\]).*/\1_\2_\3.deb/p' |
    sed 's/:/%3a/' >"$work/needed"
  while read -r file; do
    [ -e "$cache/archives/$file" ] && continue
    apt-get "${lists[@]}" -qq install -y --download-only "$deb" >>"$cache/apt.log" 2>&1 || break
  done <"$work/needed"
  mkdir -p "$root/packages"
  cp "$deb" "$root/packages"
  while read -r file; do
    cp "$cache/archives/$file" "$root/packages" || { cat "$cache/apt.log" >&2; return 1; }
  done <"$work/needed"
}

try_package() {
  inside 0:0 / bash -c 'dpkg -i /packages/*.deb' >"$work/dpkg.log" 2>&1
  verdict "the package and what it depends on install" $?
  inside 0:0 / dpkg -L twice >"$work/files"
  timed "the package" battery deb /usr/bin/twice
  inside 0:0 / dpkg --purge twice >>"$work/dpkg.log" 2>&1
  verdict "the package can be removed" $?
  # Folders that other packages have as well stay.
  while read -r path; do
    if [ -e "$root$path" ] && ! [ -d "$root$path" ]; then echo "$path"; fi
  done <"$work/files" >"$work/left"
  (cd "$root" && find . -xdev -iname '*twice*' -not -path './home/*' -not -path './packages/*' -not -path './opt/*' \
    -not -path './expected/*' -not -path './proc/*') >>"$work/left"
  [ ! -s "$work/left" ] || cat "$work/left"
  verdict "nothing of it is left" "$([ -s "$work/left" ] && echo 1 || echo 0)"
}

# Before any package is installed: the tarball needs nothing that a minimal root lacks.
try_tarball() {
  local place
  for place in "/opt" "$learner_home/un packed"; do
    mkdir -p "$root$place"
    tar -C "$root$place" -xzf "$tarball"
    local -a unpacked=("$root$place"/twice-*)
    timed "the tarball in $place" battery "tarball-${place//[^a-z]/-}" "${unpacked[0]#"$root"}/bin/twice"
    rm -rf "${unpacked[0]}"
  done
}

try_prefix() {
  cmake --install "$build" --prefix "$root/srv/prefix" >"$work/install.log" 2>&1
  verdict "cmake --install" $?
  timed "cmake --install" battery prefix /srv/prefix/bin/twice
}

timed "a minimal root" make_base
timed "unpacking it" tar -C "$root" -xf "$base"
mkdir -p "$root/dev" "$root/proc"
must "what the source tree gives" expect
must "packing" pack
deb=$(echo "$build"/packages/*.deb) tarball=$(echo "$build"/packages/*.tar.gz)
ls -l "$deb" "$tarball" | awk '{ print $9 ": " $5 " bytes" }' >&2
must "fetching what the package needs" fetch_needed
set +e
inside $learner / bash -c 'for tool in cc c++ gcc g++ clang cmake ninja; do ! command -v $tool || exit 1; done'
verdict "the root has no compiler" $?
inside $learner / bash -c '[ "$(grep -c : /proc/net/dev)" = 1 ]'
verdict "the root has no network" $?
! ls "$root"/usr/lib/*/libfmt* "$root"/usr/lib/*/libX11* "$root"/usr/lib/*/libGL* >/dev/null 2>&1
verdict "the root has none of the libraries yet" $?
try_tarball
try_package
try_prefix
finish
