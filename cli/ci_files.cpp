#include "cli/ci_files.h"

#include <array>
#include <cstdlib>
#include <ctime>
#include <utility>

#include <unistd.h>

#include "cli/terminal.h"

namespace twice::cli {
namespace {

// reproducible-builds.org: whoever sets it wants equal files from equal input.
std::optional<std::time_t> pinned_time() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (!text || !*text) return std::nullopt;
  char* end = nullptr;
  const long long seconds = std::strtoll(text, &end, 10);
  return *end == '\0' && seconds >= 0 ? std::optional(static_cast<std::time_t>(seconds)) : std::nullopt;
}

std::string iso_time(std::time_t time) {
  std::tm utc{};
  if (!::gmtime_r(&time, &utc)) return "1970-01-01T00:00:00";
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc)};
}

std::string host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

lab::JUnitFacts facts() {
  if (const auto pinned = pinned_time()) return {iso_time(*pinned), "localhost", false};
  return {iso_time(std::time(nullptr)), host(), true};
}

lab::Trouble::Kind kind_of(Exit code) {
  switch (code) {
    case Exit::kBadScenario:
      return lab::Trouble::Kind::kBadScenario;
    case Exit::kNothingMatched:
      return lab::Trouble::Kind::kNothingMatched;
    case Exit::kNondeterminism:
      return lab::Trouble::Kind::kNondeterminism;
    case Exit::kInterrupted:
    case Exit::kTerminated:
      return lab::Trouble::Kind::kInterrupt;
    case Exit::kUndecided:
      return lab::Trouble::Kind::kTimeLimit;
    case Exit::kMet:
    case Exit::kFailed:
    case Exit::kUsage:
      return lab::Trouble::Kind::kUsage;
    case Exit::kInternal:
      return lab::Trouble::Kind::kInternal;
  }
  return lab::Trouble::Kind::kInternal;
}

}  // namespace

void CiFiles::add(lab::Suite suite, const std::string& summary, const std::string& commands) {
  if (commands.empty()) annotated_.push_back(suite);
  suites_.push_back(std::move(suite));
  commands_ += commands;
  summary_ += summary;
}

void CiFiles::add(const lab::Trouble& trouble) { add(lab::suite_of(trouble), lab::trouble_summary(trouble)); }

std::vector<OutputFile> CiFiles::files() const {
  std::vector<OutputFile> files;
  if (!outputs_.junit.empty()) files.push_back({outputs_.junit, lab::junit(suites_, facts())});
  if (!outputs_.summary.empty()) files.push_back({outputs_.summary, summary_});
  return files;
}

void CiFiles::annotate() const {
  if (annotates(outputs_)) tell_commands(lab::annotations(annotated_) + commands_);
}

lab::Trouble trouble_of(const Refused& refused, const std::string& path) {
  lab::Trouble trouble{kind_of(refused.code), path, refused.words, refused.diagnostics};
  if (trouble.words.empty() && !trouble.diagnostics.empty()) trouble.words = trouble.diagnostics.front().message;
  return trouble;
}

}  // namespace twice::cli
