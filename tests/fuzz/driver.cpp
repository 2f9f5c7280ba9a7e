// Drives a fuzz target where libFuzzer is missing: DRIVER SECONDS FOLDER... damages the files of these folders in
// a fixed order of keyed draws until the time is up. With TWICE_FUZZ_ROUNDS set it names each round
// first: the last one named is the one that crashed, and it always damages alike.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

bool is_seed(const std::string& extension) {
  static const std::vector<std::string> kExtensions{".toml", ".edn", ".json",  ".log", ".sql",  ".trace",
                                                    ".md",   ".csv", ".jsonl", ".xml", ".avro", ".twc"};
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::vector<std::string> read_corpus(int count, char** folders) {
  std::vector<fs::path> files;
  for (int i = 0; i < count; ++i)
    for (const auto& entry : fs::recursive_directory_iterator(folders[i]))
      if (is_seed(entry.path().extension().string())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Damage {
 public:
  Damage(const std::vector<std::string>& corpus, std::uint64_t round) : corpus_(&corpus), round_(round) {}

  std::string make() {
    std::string text = pick();
    const std::uint64_t changes = below(4);
    for (std::uint64_t i = 0; i <= changes; ++i) change(text);
    return text;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return twice::Draw{twice::mix(round_, ++draws_)}.below(n); }
  const std::string& pick() { return (*corpus_)[below(corpus_->size())]; }
  std::size_t place(const std::string& text) { return below(text.size() + 1); }

  void change(std::string& text) {
    const std::size_t at = place(text);
    switch (below(6)) {
      case 0:
        text.erase(at, below(20));
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        text.insert(at, random_word());
        break;
      case 3:
        insert_piece(text, at);
        break;
      case 4:
        swap_lines(text);
        break;
      case 5:
        replace_number(text, at);
        break;
    }
  }

  std::string random_word() {
    static const std::vector<std::string> kWords{
        "[",    "]",       "{ ", " }",      "'''",        "\"",         "=",
        "\n",   "\\u00e4", "..", "#",       "[[lane]]\n", "[matrix]\n", "NULL",
        ":day", ":invoke", "#_", "{table}", "0.5",        "-1",         "9223372036854775807",
        "\xc3"};
    return kWords[below(kWords.size())];
  }

  void insert_piece(std::string& text, std::size_t at) {
    const std::string& other = pick();
    const std::size_t from = place(other);
    const std::size_t length = below(200);
    text.insert(at, other, from, length);
  }

  void swap_lines(std::string& text) {
    const std::size_t from = text.find('\n', place(text));
    if (from == std::string::npos) return;
    const std::size_t end = std::min(text.find('\n', from + 1), text.size() - 1);
    const std::string line = text.substr(from + 1, end - from);
    text.erase(from + 1, end - from);
    text.insert(std::min(text.find('\n', place(text)), text.size()), "\n" + line);
  }

  void replace_number(std::string& text, std::size_t at) {
    const std::size_t digit = text.find_first_of("0123456789", at);
    if (digit == std::string::npos) return;
    const std::size_t end = std::min(text.find_first_not_of("0123456789", digit), text.size());
    text.replace(digit, end - digit, std::to_string(below(1u << below(31))));
  }

  const std::vector<std::string>* corpus_;
  std::uint64_t round_;
  std::uint64_t draws_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("DRIVER SECONDS FOLDER...\n", stderr), 64;
  const auto corpus = read_corpus(argc - 2, argv + 2);
  if (corpus.empty()) return std::fputs("no files to damage there\n", stderr), 64;
  const auto run = [](const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  for (const std::string& text : corpus) run(text);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[1]));
  std::uint64_t round = 0;
  for (; std::chrono::steady_clock::now() < until; ++round) {
    if (std::getenv("TWICE_FUZZ_ROUNDS")) std::fprintf(stderr, "round %llu\n", static_cast<unsigned long long>(round));
    run(Damage(corpus, round).make());
  }
  std::fprintf(stderr, "%zu files, %llu damaged ones\n", corpus.size(), static_cast<unsigned long long>(round));
  return 0;
}
