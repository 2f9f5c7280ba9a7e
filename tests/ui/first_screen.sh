#!/usr/bin/env bash
# A real window under Xvfb, driven with a real mouse and real keys: from the question to the sandbox. The program says
# at its end, in its settings, how far the person came.
set -euo pipefail
program=$1
for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "skipped: needs $tool"; exit 77; }
done

home=$(mktemp -d)
display=:$((200 + RANDOM % 5000))
Xvfb "$display" -screen 0 1280x800x24 >/dev/null 2>&1 &
xvfb=$!
trap 'kill $xvfb 2>/dev/null || true; rm -rf "$home"' EXIT
export DISPLAY=$display XDG_STATE_HOME=$home LIBGL_ALWAYS_SOFTWARE=1
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done

"$program" ui >"$home/log" 2>&1 &
lab=$!
window=$(timeout 30 xdotool search --sync --onlyvisible --name Twice | head -n 1)
xdotool windowmove "$window" 0 0
sleep 2
press() { xdotool keydown "$1"; sleep 0.12; xdotool keyup "$1"; sleep 0.4; }
click() { xdotool mousemove "$1" "$2"; sleep 0.2; xdotool mousedown 1; sleep 0.12; xdotool mouseup 1; sleep 0.4; }

quit() {
  xdotool keydown ctrl; press q; xdotool keyup ctrl
  for _ in $(seq 100); do kill -0 $lab 2>/dev/null || break; sleep 0.1; done
  if kill -0 $lab 2>/dev/null; then echo "the window did not close"; kill $lab; exit 1; fi
  wait $lab || { echo "the lab ended with an error:"; cat "$home/log"; exit 1; }
}

click 290 232   # 1,000
press space     # run it
press End       # see the end: 1,800
press n
click 290 250   # one of the answers of the second question
click 290 232
press space
press End
press n         # every crash point
press n         # the whole idea
press n         # the sandbox
sleep 1
quit
grep -q '"knows_prologue": true' "$home/twice/lab.json" || { echo "the sandbox was not reached:"; cat "$home/twice/lab.json"; exit 1; }
grep -q 'crash-at-800.toml' "$home/twice/lab.json" || { echo "the scenario is not open"; exit 1; }

# A node crashed with the mouse and a key; the command that the lab offers gives the same run without a window.
"$program" ui scenarios/cluster/healthy.toml --view network --at event:900 >"$home/log" 2>&1 &
lab=$!
window=$(timeout 30 xdotool search --sync --onlyvisible --name Twice | head -n 1)
xdotool windowmove "$window" 0 0
sleep 2
click 627 152   # n1, the node at the top
press x
sleep 1
quit
repro=$(sed -n 's/.*"repro": "twice \(.*\)",*$/\1/p' "$home/twice/lab.json")
hash=$(sed -n 's/.*"hash": "\(.*\)",*$/\1/p' "$home/twice/lab.json")
[[ $repro == *"--do"* ]] || { echo "the click did not become a step: $repro"; exit 1; }
eval "\"$program\" $repro" >"$home/headless" || true
grep -q "$hash" "$home/headless" || { echo "another hash than $hash:"; cat "$home/headless"; exit 1; }

"$program" ui scenarios/cluster/healthy.toml --view space-time --frames 30
TWICE_OPENGL=1 "$program" ui scenarios/cluster/healthy.toml --view space-time --frames 30  # as with a GPU
echo "the first screen leads to the sandbox, and a click to a run that the command line repeats"
