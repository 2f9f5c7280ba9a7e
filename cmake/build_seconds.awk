# Reads ninja's log: the seconds of each library and program, and the files that took longest. A batch is one file here.
function seconds(from, to) { return (to - from) / 1000 }

/^[0-9]/ {
  took = seconds($1, $2)
  what = $4
  if (what ~ /cmake\.verify_globs|\.cmake$/) next
  if (match(what, /CMakeFiles\/[^\/]*\.dir\//)) {
    part = substr(what, RSTART + 11, RLENGTH - 16)
    file = part " " substr(what, RSTART + RLENGTH)
  } else {
    part = "linking"
    file = what
  }
  sum[part] += took
  files[part]++
  total += took
  slow[file] = took
}

# mawk has no sort of its own.
function largest(of, shown,    name, best) {
  best = ""
  for (name in of)
    if (!(name in shown) && (best == "" || of[name] > of[best])) best = name
  return best
}

END {
  print "seconds  files  of"
  while ((part = largest(sum, done)) != "") {
    printf "%7.1f  %5d  %s\n", sum[part], files[part], part
    done[part] = 1
  }
  printf "%7.1f         in all, one after the other\n\nlongest:\n", total
  for (i = 0; i < 10 && (file = largest(slow, listed)) != ""; i++) {
    printf "%7.1f  %s\n", slow[file], file
    listed[file] = 1
  }
}
