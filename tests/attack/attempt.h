#pragma once
// One bad input for the built program: how it is given, what it costs, and whether the answer is one that a user may
// get. Every kind of attack uses the same judge.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace twice::attack {

/// A folder with `in/`, where the program works, `outside/` with a secret that no answer may show, and `tmp/`.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& root() const { return root_; }
  std::string in(const std::string& name) const { return root_ + "/in/" + name; }
  void write(const std::string& name, const std::string& bytes) const;  // in in/
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;
  /// Empties in/ and tmp/.
  void clear() const;
  /// What lies there that nobody asked for; empty: nothing. Files in in/ are those `asked` for.
  std::string litter(const std::vector<std::string>& asked) const;

 private:
  std::string root_;
};

inline const std::string kSecret = "the-secret-of-the-folder-outside";

/// What may be used by one attempt before it counts as not coming back. Processor time, since a test machine is shared.
struct Bounds {
  double cpu_seconds = 10;
  double wall_seconds = 90;
  std::size_t memory_mb = 1500;
};

struct Answer {
  int code = -1;   // exit code; -1: it had to be killed
  int signal = 0;  // that ended it
  bool out_of_time = false;
  double wall_seconds = 0;
  std::size_t memory_mb = 0;  // the largest of the program and its workers
  std::string out, err;
};

/// A program that runs in `in/`.
class Running {
 public:
  Running(const Scratch& scratch, const std::vector<std::string>& arguments, const Bounds& bounds = {});
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t pid() const { return pid_; }
  bool ended();
  void send(int signal) const;
  /// Its workers, and theirs.
  std::vector<pid_t> children() const;
  /// Waits for the end, or kills it and its workers at a bound.
  Answer wait();

 private:
  const Scratch* scratch_;
  Bounds bounds_;
  pid_t pid_ = -1;
  double began_ = 0;
  std::optional<Answer> answer_;
};

Answer run(const Scratch& scratch, const std::vector<std::string>& arguments, const Bounds& bounds = {});

double now_seconds();
void pause_for(double seconds);
bool is_alive(pid_t pid);

/// What is wrong with an answer; empty: nothing. No internal error, no crash, no endless work, no raw control bytes and
/// no secret in what it says.
std::string judge(const Answer& answer, const Bounds& bounds = {});
/// The first byte sequence that a terminal would act on: controls, C1, marks that turn text round.
std::optional<std::string> raw_control(const std::string& text);
/// For a message: everything but plain ASCII escaped, and not long.
std::string shown(const std::string& text, std::size_t at_most = 300);

/// Counts of one kind, printed at the end.
class Kind {
 public:
  /// `share`: of the seconds that the suite has, in percent.
  Kind(std::string name, unsigned share);
  ~Kind();
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;

  /// There is time for another input.
  bool more() const;
  void tried() { ++tried_; }
  /// One input and what was wrong; empty: nothing.
  void tried(const std::string& input, const std::string& wrong);
  std::uint64_t count() const { return tried_; }
  /// The first faults, a line each; empty: none.
  std::string faults() const;

 private:
  std::string name_;
  double until_, began_;
  std::uint64_t tried_ = 0, faulty_ = 0;
  std::string faults_;
};

/// Draws that depend on the kind and the round alone.
class Draws {
 public:
  Draws(std::uint64_t kind, std::uint64_t round) : kind_(kind), round_(round) {}
  std::uint64_t below(std::uint64_t n);
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::uint64_t kind_, round_, draws_ = 0;
};

/// Text files of the repository below `folder` that end in `ending`, sorted, none larger than `at_most` bytes.
std::vector<std::string> shipped_files(const std::string& folder, const std::string& ending,
                                       std::size_t at_most = 20'000);
std::string slurp(const std::string& path);
std::string repeated(const std::string& part, std::size_t times);

using Words = std::vector<std::string>;
/// "twice run a.toml"
std::string told(const Words& words);
/// `text` with one to four damages: cut, flipped bits, a piece of `other`, huge numbers, deep brackets, NUL, long
/// words.
std::string damage(const std::string& text, const std::string& other, Draws& draws);

}  // namespace twice::attack
