// twice_golden [--record]: runs every registered world and holds its trace hash against the recorded one.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "suite.h"

using namespace twice::golden;

namespace {

enum ExitCode { kSame = 0, kDiffers = 1, kUsage = 64, kInternal = 70 };

std::filesystem::path file_of(const Suite& suite) {
  return std::filesystem::path(TWICE_SOURCE_DIR) / "tests" / "golden" / (suite.name + ".hash");
}

Recording recorded(const Suite& suite) {
  std::ifstream file(file_of(suite), std::ios::binary);
  return parse_recording(std::string{std::istreambuf_iterator<char>(file), {}});
}

Recording run(const Suite& suite) {
  Recording fresh{suite.key, {}};
  for (const Run& one : suite.runs) {
    fresh.lines.push_back({one.name, one.execute()});
    fmt::print("{} {:016x}\n", one.name, fresh.lines.back().result.hash);
  }
  return fresh;
}

bool record(const Suite& suite, const Recording& fresh) {
  const auto path = file_of(suite);
  std::filesystem::path temporary = path;
  temporary += ".new";
  {
    std::ofstream file(temporary, std::ios::binary);
    file << to_text(fresh);
    if (!file.flush()) return false;
  }
  std::filesystem::rename(temporary, path);
  return true;
}

bool compare(const Suite& suite, const Recording& fresh) {
  const Recording old = recorded(suite);
  if (old.key != fresh.key)
    fmt::print("note: {} was recorded with '{}', this is '{}': only outcomes are compared\n", suite.name, old.key,
               fresh.key);
  const auto found = differences(old, fresh);
  for (const std::string& sentence : found) fmt::print("DIFFERS {}: {}\n", suite.name, sentence);
  return found.empty();
}

int run_all(bool recording) {
  bool same = true;
  for (const Suite& suite : all_suites()) {
    const Recording fresh = run(suite);
    if (!recording) {
      same = compare(suite, fresh) && same;
    } else if (!record(suite, fresh)) {
      fmt::print(stderr, "cannot write {}\n", file_of(suite).string());
      return kInternal;
    }
  }
  if (!same)
    fmt::print(
        "If the change is meant, `./dev golden --record` rewrites the files; the diff shows which runs moved.\n");
  return same ? kSame : kDiffers;
}

}  // namespace

int main(int argc, char** argv) {
  const bool recording = argc == 2 && std::string_view(argv[1]) == "--record";
  if (argc > 1 && !recording) {
    fmt::print(stderr, "usage: twice_golden [--record]\n");
    return kUsage;
  }
  try {
    return run_all(recording);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kInternal;
  }
}
