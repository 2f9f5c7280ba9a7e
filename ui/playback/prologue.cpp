#include "ui/playback/prologue.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"

namespace twice::playback {
namespace {

// The number a dashboard shows first: how many rows.
std::optional<std::uint64_t> first_number(const std::optional<pipeline::SqlRow>& row) {
  if (!row || row->empty()) return std::nullopt;
  const auto* n = std::get_if<std::int64_t>(&row->front());
  return n && *n >= 0 ? std::optional(static_cast<std::uint64_t>(*n)) : std::nullopt;
}

const lab::LoadReport* load_of(const Session& session, std::size_t lane) {
  if (lane >= session.lanes().size()) return nullptr;
  const lab::RunReport* report = session.report(lane);
  return report && report->load ? &*report->load : nullptr;
}

std::string n(std::uint64_t number) { return lab::grouped(number); }

}  // namespace

Veil Prologue::veil() const {
  return {asks(), hides_future(), !shows_results(), !shows_strip(), !over(), lanes_shown()};
}

std::size_t Prologue::lanes_shown() const {
  return act_ < Act::kSecondQuestion ? 1 : act_ < Act::kSandbox ? 2 : ~std::size_t{0};
}

bool Prologue::hides_future() const { return asks() || act_ == Act::kFirstRun || act_ == Act::kSecondRun; }

bool Prologue::shows_results() const { return !hides_future(); }

std::optional<Choices> Prologue::choices(const Session& session) const {
  const lab::LoadReport* load = load_of(session, asked_lane());
  // Both questions offer the same numbers: those of the first loader.
  const lab::LoadReport* first = load_of(session, 0);
  if (!load || !first) return std::nullopt;
  Choices choices;
  choices.right = load->rows;
  choices.values = {first_number(first->before_fault).value_or(0), first->wanted_rows, first->rows,
                    2 * first->wanted_rows};
  if (std::find(choices.values.begin(), choices.values.end(), choices.right) == choices.values.end())
    choices.values.push_back(choices.right);
  std::sort(choices.values.begin(), choices.values.end());
  choices.values.erase(std::unique(choices.values.begin(), choices.values.end()), choices.values.end());
  return choices;
}

void Prologue::choose(std::uint64_t value) {
  if (act_ == Act::kFirstQuestion) first_ = value;
  if (act_ == Act::kSecondQuestion) second_ = value;
}

std::string Prologue::headline() const {
  switch (act_) {
    case Act::kFirstQuestion:
      return "How many rows will the dashboard count in the end?";
    case Act::kFirstRun:
      return "Watch it happen.";
    case Act::kFirstAnswer:
      return "Why?";
    case Act::kSecondQuestion:
      return "And this one? The same crash, the same retry.";
    case Act::kSecondRun:
      return "Both, under the same crash.";
    case Act::kSecondAnswer:
      return "Define the final state, do not add to it.";
    case Act::kEveryCrash:
      return "What if it dies somewhere else?";
    case Act::kWholeIdea:
      return "The whole idea in four lines";
    case Act::kSandbox:
      return {};
  }
  return {};
}

std::string Prologue::story(const Session& session) const {
  const lab::LoadReport* a = load_of(session, 0);
  const lab::LoadReport* b = load_of(session, 1);
  if (!a) return "One moment: the run is being recorded.";
  const std::uint64_t wanted = a->wanted_rows;
  const std::uint64_t kept = first_number(a->before_fault).value_or(0);
  switch (act_) {
    case Act::kFirstQuestion:
      return fmt::format(
          "A job INSERTs {} orders of one day and commits every {}. It dies when {} are saved. The scheduler does what "
          "schedulers do: it runs the job again, from the first row.",
          n(wanted), n(session.lanes().front().variant->spec.lane.loader.commit.every), n(kept));
    case Act::kFirstRun:
      return "Each square is one order. Space pauses, the arrow keys step, the bar below rewinds.";
    case Act::kFirstAnswer:
      return fmt::format(
          "{} rows. {} were committed before the crash and stayed. The second attempt knew nothing of them and "
          "inserted "
          "all {} again: {} orders are there twice. Nothing failed, no alarm rang; the number is just wrong.",
          n(a->rows), n(kept), n(wanted), n(a->duplicated));
    case Act::kSecondQuestion:
      return "The second job first DELETEs the day, then INSERTs it, all in one transaction. It dies after the same "
             "row "
             "and is run again from the start.";
    case Act::kSecondRun:
      return "The squares of the second job stay dashed until it commits: nobody else can see them.";
    case Act::kSecondAnswer:
      return b ? fmt::format(
                     "{} rows, and {} with the first job. The crash took the open transaction with it, and the "
                     "retry began by removing whatever was there. Such a load can be run twice, or ten times: it "
                     "is idempotent.",
                     n(b->rows), n(a->rows))
               : std::string();
    case Act::kEveryCrash:
      return "Every crash point was tried: after each row, before each statement, with each reply lost. Flat is good. "
             "Click into a strip, or drag the crash: can you find the point where the first job ends with exactly "
             "1,300 "
             "rows?";
    case Act::kWholeIdea:
      return "DELETE makes a load repeatable. The transaction hides it until it is done. Neither replaces the other: "
             "look for the row that survives a crash and still doubles.";
    case Act::kSandbox:
      return {};
  }
  return {};
}

std::string Prologue::go_on() const {
  switch (act_) {
    case Act::kFirstQuestion:
    case Act::kSecondQuestion:
      return chosen() ? "Run it  (Space)" : "";
    case Act::kFirstRun:
    case Act::kSecondRun:
      return "";
    case Act::kFirstAnswer:
      return "Can it be prevented?  (N)";
    case Act::kSecondAnswer:
      return "What about other crashes?  (N)";
    case Act::kEveryCrash:
      return "What does what?  (N)";
    case Act::kWholeIdea:
      return "Now try your own  (N)";
    case Act::kSandbox:
      return "";
  }
  return {};
}

void Prologue::next(Session& session) {
  switch (act_) {
    case Act::kFirstQuestion:
    case Act::kSecondQuestion:
      if (!chosen()) return;
      act_ = act_ == Act::kFirstQuestion ? Act::kFirstRun : Act::kSecondRun;
      session.apply(SeekStart{});
      session.apply(Play{});
      return;
    case Act::kFirstAnswer:
      act_ = Act::kSecondQuestion;
      session.apply(SeekStart{});
      return;
    case Act::kFirstRun:
    case Act::kSecondRun:
      session.apply(Pause{});
      session.apply(SeekEnd{});
      return;
    case Act::kSecondAnswer:
      act_ = Act::kEveryCrash;
      return;
    case Act::kEveryCrash:
      act_ = Act::kWholeIdea;
      return;
    case Act::kWholeIdea:
      act_ = Act::kSandbox;
      return;
    case Act::kSandbox:
      return;
  }
}

void Prologue::watch(const Session& session) {
  const bool at_end = session.complete() && session.cursor().at >= session.end();
  if (!at_end) return;
  if (act_ == Act::kFirstRun) act_ = Act::kFirstAnswer;
  if (act_ == Act::kSecondRun) act_ = Act::kSecondAnswer;
}

bool Prologue::predicted_right(const Session& session) const {
  const auto answers = choices(session);
  return answers && chosen() && *chosen() == answers->right;
}

}  // namespace twice::playback
