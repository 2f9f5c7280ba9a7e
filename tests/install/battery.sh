#!/usr/bin/env bash
# battery.sh NAME PROGRAM EXPECTED: calls an installed program as a person does, from the folder it is started in, and
# compares with what EXPECTED holds (see clean_root.sh). The last line counts.
set -uo pipefail
name=$1 program=$2 expected=$3
passed=0 failed=0

# verdict WHAT STATUS
verdict() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name: $1"
    tail -n 15 out err 2>/dev/null
  fi
}

# ends CODE ARGUMENT...: runs the program into `out` and `err`; true when it ends with this exit code.
ends() {
  local wanted=$1 code
  shift
  "$program" "$@" >out 2>err </dev/null
  code=$?
  [ "$code" = "$wanted" ] || { echo "twice $* ended with $code, not $wanted" >>err; return 1; }
}

says() { grep -qF -- "$1" "${2:-out}"; }
is_same() { cmp "$1" "$2" >>err 2>&1; }
hashes_in_order() { grep -o 'hash [0-9a-f]\{16\}' "$1"; }

ends 0 --version && says "twice "
verdict "it tells its version" $?

ends 0 list && grep '^scenarios/' out | LC_ALL=C sort | cmp - "$expected/scenarios" >>err 2>&1
verdict "list names every scenario that ships" $?
says "taken from" err
verdict "it says where the scenarios were taken from" $?

ends 0 run scenarios/loaders/crash-at-800.toml --sweep && cp out worked && is_same worked "$expected/worked-example"
verdict "the worked example is the README's, to the last letter" $?
hashes_in_order worked | is_same /dev/stdin "$expected/hashes"
verdict "its hashes are the golden ones" $?

again=$(sed -n 's/^ *\(hash [0-9a-f]*\)   twice \(.*\)$/\2/p' worked | sed -n 2p)
eval "ends 0 $again" && says "$(hashes_in_order worked | sed -n 2p)"
verdict "its repro line runs it again: twice $again" $?

ends 0 check scenarios/loaders && says "scenarios/loaders/crash-at-800.toml: ok"
verdict "check reads shipped scenarios with their data" $?
ends 3 run scenarios/loaders/no-such-file.toml && says "scenarios/loaders/no-such-file.toml" err
verdict "a file that is nowhere is named as it was asked for" $?

mkdir -p scenarios/loaders
printf 'this is no scenario\n' >scenarios/loaders/crash-at-800.toml
ends 3 check scenarios/loaders/crash-at-800.toml
verdict "a local file wins" $?
rm -r scenarios

echo "CREATE TABLE t (day TEXT, id INTEGER); CREATE TABLE src (id INTEGER); INSERT INTO src VALUES (1), (2), (3);" >setup.sql
echo "INSERT INTO t SELECT :day, id FROM src;" >append.sql
printf 'BEGIN;\nDELETE FROM t WHERE day = :day;\nINSERT INTO t SELECT :day, id FROM src;\nCOMMIT;\n' >slice.sql
ends 1 sweep append.sql --setup setup.sql --param day=2026-06-23 --table t && says "not safe to run again"
verdict "sweep finds a script that is not safe to run again" $?
ends 0 sweep slice.sql --setup setup.sql --param day=2026-06-23 --table t && says "safe to run again"
verdict "sweep finds a script that is" $?
rm -f setup.sql append.sql slice.sql

ends 0 lesson list && [ "$(grep -c '^ *[0-9]*  .* min)$' out)" = "$(cat "$expected/lessons")" ]
verdict "lesson list names every lesson" $?
ends 1 lesson run 2 && says "Lesson 2:" && says "0 of 5 points"
verdict "a lesson begins by its number" $?
ends 0 lesson check 2 --learners 0 && says "/lesson.md: ok"
verdict "a lesson is as it says" $?
ends 1 lesson run lessons/03-two-ideas && says "Lesson 3:"
verdict "a lesson begins by its path" $?

ends 0 zoo vote-twice --trials 0 -q
verdict "the zoo finds its scenarios" $?
ends 0 pacelc --all --seeds 1
verdict "pacelc --all finds the designs" $?
ends 0 explain lane.commit && ends 0 schema
verdict "explain and schema need no file" $?

# The rasteriser needs no display; the picture is the build machine's, to the pixel.
if [ -e "$expected/picture.png" ]; then
  ends 0 ui scenarios/loaders/crash-at-800.toml --at end --screenshot picture.png &&
    is_same picture.png "$expected/picture.png"
  verdict "the lab draws the same picture without a display" $?
  ends 0 ui lessons/02-a-retry-starts-over --screenshot picture.png && [ -s picture.png ]
  verdict "the lab shows a lesson" $?
  ends 0 ui --screenshot picture.png && [ -s picture.png ]
  verdict "the lab's first screen finds its scenario" $?
  ends 64 ui && says "cannot open a window" err
  verdict "without a display the lab says what is missing" $?
  rm -f picture.png
fi

rm -f out err worked
[ -z "$(ls -A)" ]
verdict "nothing else was left in the folder" $?

echo "$name: $passed passed, $failed failed"
[ "$failed" = 0 ]
