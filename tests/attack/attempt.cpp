#include "attack/attempt.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fmt/format.h>

namespace twice::attack {
namespace {

namespace fs = std::filesystem;

#ifdef TWICE_SANITIZED
constexpr std::uint64_t kSlower = 5;
#else
constexpr std::uint64_t kSlower = 1;
#endif

void limit(int what, std::uint64_t most) {
  const rlimit both{most, most};
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &both);
}

void redirect(const std::string& path, int to) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file >= 0) ::dup2(file, to), ::close(file);
}

// Only what may be called between fork and exec, and only then.
[[noreturn]] void become(const Scratch& scratch, const std::vector<std::string>& arguments, const Bounds& bounds) {
  ::setpgid(0, 0);
  if (::chdir((scratch.root() + "/in").c_str()) != 0) ::_exit(126);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  redirect(scratch.root() + "/stdout", 1), redirect(scratch.root() + "/stderr", 2);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<std::uint64_t>(bounds.cpu_seconds) * kSlower + 1);
  limit(RLIMIT_FSIZE, std::uint64_t{256} << 20);
#ifndef TWICE_SANITIZED  // a sanitizer reserves terabytes of addresses
  limit(RLIMIT_AS, std::uint64_t{bounds.memory_mb + 2'000} << 20);
#endif
  ::setenv("HOME", (scratch.root() + "/tmp").c_str(), 1), ::setenv("TMPDIR", (scratch.root() + "/tmp").c_str(), 1);
  for (const char* name : {"CI", "GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"}) ::unsetenv(name);
  const char* other = std::getenv("TWICE_ATTACK_PROGRAM");
  const char* program = other ? other : TWICE_PROGRAM;
  std::vector<char*> words{const_cast<char*>(program)};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(program, words.data());
  ::_exit(127);
}

// Parent of each process, from /proc.
std::vector<std::pair<pid_t, pid_t>> process_parents() {
  std::vector<std::pair<pid_t, pid_t>> all;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);  // nothing when the process has ended meanwhile
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos) continue;
    std::istringstream rest(stat.substr(end + 1));
    std::string state;
    pid_t parent = 0;
    rest >> state >> parent;
    if (state != "Z") all.emplace_back(std::stoi(name), parent);
  }
  return all;
}

double all_seconds() {
  const char* seconds = std::getenv("TWICE_ATTACK_SECONDS");
#ifdef TWICE_SANITIZED
  const double least = 20;
#else
  const double least = 45;
#endif
  return seconds ? std::max(1.0, std::atof(seconds)) : least;
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

bool is_documented(int code) {
  static const std::set<int> kCodes{0, 1, 2, 3, 4, 5, 64, 130, 143};
  return kCodes.count(code) > 0;
}

// A code point of UTF-8 at `at`; nullopt and one byte further when it is none.
std::optional<char32_t> decode(const std::string& text, std::size_t& at) {
  const auto byte = [&text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(at);
  const int more = first < 0x80 ? 0 : first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : -1;
  char32_t point = more <= 0 ? first : first & (0x3fu >> more);
  for (int i = 1; i <= more; ++i) {
    const unsigned next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xc0u) != 0x80u) return ++at, std::nullopt;
    point = (point << 6u) | (next & 0x3fu);
  }
  if (more < 0 || first >= 0xf8) return ++at, std::nullopt;
  at += static_cast<std::size_t>(more) + 1;
  return point;
}

bool acts_on_terminal(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\t';
  return (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

}  // namespace

double now_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void pause_for(double seconds) { ::usleep(static_cast<useconds_t>(seconds * 1e6)); }

bool is_alive(pid_t pid) {
  for (const auto& [process, parent] : process_parents())
    if (process == pid) return true;
  return false;
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

std::string told(const Words& words) {
  std::string text = "twice";
  for (const std::string& word : words) text += " " + word;
  return text;
}

// --- Scratch

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / "twice-attack-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for a test");
  root_ = name;
  for (const char* folder : {"/in", "/outside", "/tmp"}) fs::create_directory(root_ + folder);
  for (const char* file : {"secret.txt", "secret.toml", "secret.csv", "secret.md"})
    std::ofstream(root_ + "/outside/" + file) << kSecret << "\n";
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Scratch::write(const std::string& name, const std::string& bytes) const {
  fs::create_directories(fs::path(in(name)).parent_path());
  std::ofstream(in(name), std::ios::binary) << bytes;
}

std::string Scratch::read(const std::string& name) const { return slurp(in(name)); }
bool Scratch::has(const std::string& name) const { return fs::exists(in(name)); }

void Scratch::clear() const {
  std::error_code ignored;
  for (const char* folder : {"/in", "/tmp"})
    for (const auto& entry : fs::directory_iterator(root_ + folder)) fs::remove_all(entry.path(), ignored);
}

std::string Scratch::litter(const std::vector<std::string>& asked) const {
  std::string found;
  const auto look = [&](const std::string& folder, const std::vector<std::string>& known) {
    for (const auto& entry : fs::directory_iterator(root_ + folder)) {
      const std::string name = entry.path().filename().string();
      if (std::find(known.begin(), known.end(), name) == known.end()) found += " " + folder + "/" + name;
    }
  };
  look("", {"in", "outside", "tmp", "stdout", "stderr"});
  look("/outside", {"secret.txt", "secret.toml", "secret.csv", "secret.md"});
  look("/tmp", {});
  look("/in", asked);
  return found;
}

// --- Running

Running::Running(const Scratch& scratch, const std::vector<std::string>& arguments, const Bounds& bounds)
    : scratch_(&scratch), bounds_(bounds), began_(now_seconds()) {
  pid_ = ::fork();
  if (pid_ == 0) become(scratch, arguments, bounds);
  if (pid_ < 0) throw std::runtime_error("cannot start a process");
  ::setpgid(pid_, pid_);
}

Running::~Running() {
  if (!answer_) send(SIGKILL), wait();
  ::kill(-pid_, SIGKILL);
}

bool Running::ended() {
  if (answer_) return true;
  int status = 0;
  rusage used{};
  const pid_t got = ::wait4(pid_, &status, WNOHANG, &used);
  if (got == 0) return false;
  Answer a;
  a.wall_seconds = now_seconds() - began_;
  if (WIFEXITED(status)) a.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) a.signal = WTERMSIG(status);
  a.out_of_time = a.signal == SIGXCPU || a.signal == SIGKILL;
  a.memory_mb = static_cast<std::size_t>(used.ru_maxrss) / 1024;
  a.out = slurp(scratch_->root() + "/stdout"), a.err = slurp(scratch_->root() + "/stderr");
  answer_ = a;
  return true;
}

void Running::send(int signal) const { ::kill(pid_, signal); }

std::vector<pid_t> Running::children() const {
  const auto all = process_parents();
  std::vector<pid_t> family{pid_};
  for (std::size_t i = 0; i < family.size(); ++i)
    for (const auto& [process, parent] : all)
      if (parent == family[i]) family.push_back(process);
  family.erase(family.begin());
  return family;
}

Answer Running::wait() {
  bool killed = false;
  while (!ended()) {
    if (!killed && now_seconds() - began_ > bounds_.wall_seconds) ::kill(-pid_, SIGKILL), killed = true;
    pause_for(0.001);
  }
  return *answer_;
}

Answer run(const Scratch& scratch, const std::vector<std::string>& arguments, const Bounds& bounds) {
  return Running(scratch, arguments, bounds).wait();
}

// --- the judge

std::optional<std::string> raw_control(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const auto c = decode(text, at);
    if (c && acts_on_terminal(*c)) return fmt::format("U+{:04X} at byte {}", static_cast<unsigned>(*c), from);
    if (!c) return fmt::format("byte {:02x} at {}, which is no UTF-8", static_cast<unsigned char>(text[from]), from);
  }
  return std::nullopt;
}

std::string judge(const Answer& answer, const Bounds& bounds) {
  if (answer.out_of_time)
    return fmt::format("did not end within {} s of processor time or {} s", bounds.cpu_seconds, bounds.wall_seconds);
  if (answer.signal) return fmt::format("died of signal {}", answer.signal);
  for (const char* report : {"Sanitizer", "runtime error:"})
    if (answer.err.find(report) != std::string::npos) return shown(answer.err, 1'000);
  if (!is_documented(answer.code)) return fmt::format("exit code {}: {}", answer.code, shown(answer.err));
#ifndef TWICE_SANITIZED
  if (answer.memory_mb > bounds.memory_mb) return fmt::format("took {} MB", answer.memory_mb);
#endif
  for (const std::string* text : {&answer.out, &answer.err}) {
    if (const auto raw = raw_control(*text)) return fmt::format("{} is printed raw: {}", *raw, shown(*text));
    if (text->find(kSecret) != std::string::npos) return "shows what lies outside its folder";
  }
  if (answer.code == 3 && answer.err.empty() && answer.out.empty()) return "refuses without a word";
  return {};
}

std::string shown(const std::string& text, std::size_t at_most) {
  std::string out;
  for (const char c : text.substr(0, at_most)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte >= 0x20 && byte < 0x7f ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return text.size() > at_most ? out + fmt::format("... ({} bytes)", text.size()) : out;
}

// --- Kind

Kind::Kind(std::string name, unsigned share)
    : name_(std::move(name)), until_(now_seconds() + all_seconds() * share / 100), began_(now_seconds()) {}

Kind::~Kind() {
  std::fprintf(stderr, "%-52s %6llu inputs, %llu faults, %.1f s\n", name_.c_str(),
               static_cast<unsigned long long>(tried_), static_cast<unsigned long long>(faulty_),
               now_seconds() - began_);
}

bool Kind::more() const { return now_seconds() < until_; }

void Kind::tried(const std::string& input, const std::string& wrong) {
  ++tried_;
  if (wrong.empty()) return;
  if (++faulty_ <= 10) faults_ += fmt::format("{}: {}\n", shown(input, 600), wrong);
}

std::string Kind::faults() const {
  return faulty_ > 10 ? faults_ + fmt::format("and {} more\n", faulty_ - 10) : faults_;
}

std::uint64_t Draws::below(std::uint64_t n) { return mixed(mixed(mixed(kind_) + round_) + ++draws_) % n; }

std::vector<std::string> shipped_files(const std::string& folder, const std::string& ending, std::size_t at_most) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(TWICE_SOURCE_DIR) + "/" + folder))
    if (entry.is_regular_file() && entry.path().string().ends_with(ending) && entry.file_size() <= at_most)
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace twice::attack
