# Reads the output of `ctest --verbose`; shows what failed, then counts test cases: those that a Catch2 program reports,
# and one for any other program. Catch2 2 and 3 close with
#   All tests passed (110 assertions in 25 test cases)
#   test cases:  25 |  23 passed | 2 failed
function count_cases(test, line,    words) {
  if (match(line, /All tests passed \([0-9]+ assertions? in [0-9]+ test cases?\)/)) {
    split(substr(line, RSTART, RLENGTH), words, " ")
    good[test] = words[7] + 0
    counted[test] = 1
  } else if (match(line, /test cases: *[0-9]+ \|/)) {
    good[test] = match(line, /[0-9]+ passed/) ? substr(line, RSTART, RLENGTH) + 0 : 0
    bad[test] = match(line, /[0-9]+ failed/) ? substr(line, RSTART, RLENGTH) + 0 : 0
    counted[test] = 1
  }
}

/^[0-9]+: / {
  test = $0
  sub(/:.*/, "", test)
  sub(/^[0-9]+: /, "")
  output[test] = output[test] $0 "\n"
  count_cases(test, $0)
}

/Test +#[0-9]+:/ {
  test = $0
  sub(/.*Test +#/, "", test)
  sub(/:.*/, "", test)
  tests++
  if (/ Passed /) {
    if (!counted[test]) good[test] = 1
  } else {
    if (!bad[test]) bad[test] = 1
    printf "%s", output[test]
    print $0
  }
}

END {
  for (test in good) passed += good[test]
  for (test in bad) failed += bad[test]
  if (tests == 0) { print "ctest ran nothing"; failed = 1 }
  printf "%d programs\n", tests
  printf "%d passed, %d failed\n", passed, failed
  exit failed > 0
}
