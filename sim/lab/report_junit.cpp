// JUnit XML. There is no one standard, so the file keeps to what both kinds of readers accept. Jenkins's xUnit plugin
// has a schema, in which a test case has a name, a class name and a time and no other attribute; GitLab takes the class
// name for the suite, and would also read an attribute `file` of a case, which that schema forbids. The place is
// therefore the first line of <system-out>, and the file an attribute of the suite, which the schema allows. GitLab
// shows only the first of several cases with one class name and name, so those are made unique.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lab/escapes.h"
#include "lab/report_cases.h"

namespace twice::lab {
namespace {

// The schema wants three digits at most behind the point.
std::string seconds_of(std::int64_t ns, const JUnitFacts& facts) {
  const std::int64_t ms = facts.times ? (ns + 500'000) / 1'000'000 : 0;
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

// The names that are taken, and what makes another of them one more.
class UniqueNames {
 public:
  std::string name_for(const Case& c) {
    std::string name = c.name;
    for (int n = 2; !taken_.insert({c.group, name}).second; ++n)
      name = n == 2 ? fmt::format("{} · line {}", c.name, c.line) : fmt::format("{} · {}", c.name, n);
    return name;
  }

 private:
  std::set<std::pair<std::string, std::string>> taken_;
};

std::string element_of(const Case& c) {
  switch (c.kind) {
    case Case::Kind::kPassed:
      return {};
    case Case::Kind::kFailed:
    case Case::Kind::kError: {
      const std::string_view tag = c.kind == Case::Kind::kFailed ? "failure" : "error";
      return fmt::format("      <{} type=\"{}\" message=\"{}\">{}</{}>\n", tag, xml(c.type), xml(c.words),
                         xml(c.out.empty() ? c.words : c.words + "\n" + c.out), tag);
    }
    case Case::Kind::kSkipped:
      return fmt::format("      <skipped type=\"{}\" message=\"{}\"/>\n", xml(c.type), xml(c.words));
  }
  return {};
}

std::string case_xml(const Case& c, UniqueNames& names, const JUnitFacts& facts) {
  const std::string place = c.path.empty() ? std::string() : fmt::format("{}:{}", c.path, c.line);
  const std::string out = c.out.empty() ? place : place + "\n" + c.out;
  return fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\">\n{}", xml(c.group),
                     xml(names.name_for(c)), seconds_of(c.ns, facts), element_of(c)) +
         (out.empty() ? "" : fmt::format("      <system-out>{}</system-out>\n", xml(out))) + "    </testcase>\n";
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::int64_t ns = 0;

  void add(const Case& c) {
    ++tests;
    failures += c.kind == Case::Kind::kFailed;
    errors += c.kind == Case::Kind::kError;
    skipped += c.kind == Case::Kind::kSkipped;
    ns += c.ns;
  }
};

std::string suite_xml(const Suite& suite, UniqueNames& names, const JUnitFacts& facts) {
  Counts counts;
  std::string cases;
  for (const Case& c : suite.cases) counts.add(c), cases += case_xml(c, names, facts);
  const std::string file = suite.path.empty() ? std::string() : fmt::format(" file=\"{}\"", xml(suite.path));
  return fmt::format(
             "  <testsuite name=\"{}\"{} tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" "
             "timestamp=\"{}\" hostname=\"{}\">\n",
             xml(suite.name), file, counts.tests, counts.failures, counts.errors, counts.skipped,
             seconds_of(counts.ns, facts), xml(facts.timestamp), xml(facts.hostname)) +
         cases + "  </testsuite>\n";
}

}  // namespace

std::string junit(const std::vector<Suite>& suites, const JUnitFacts& facts) {
  UniqueNames names;
  Counts counts;
  std::string text;
  for (const Suite& suite : suites) {
    for (const Case& c : suite.cases) counts.add(c);
    text += suite_xml(suite, names, facts);
  }
  return fmt::format(
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"twice\" tests=\"{}\" failures=\"{}\" "
             "errors=\"{}\" time=\"{}\">\n",
             counts.tests, counts.failures, counts.errors, seconds_of(counts.ns, facts)) +
         text + "</testsuites>\n";
}

}  // namespace twice::lab
