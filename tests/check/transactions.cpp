#include "check/transactions.h"

#include "check/history_text.h"
#include "support/catch.h"

namespace twice::check {
namespace {

/// Transactions one after another, as lines "ok [[:append \"x\" 1] [:r \"y\" [2]]]".
std::vector<Transaction> transactions(const std::vector<std::pair<std::string, std::string>>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto event = [&](const std::string& type) {
      text += "{:process " + std::to_string(i) + ", :type :" + type + ", :f :txn, :value " + lines[i].second + "}\n";
    };
    event("invoke");
    event(lines[i].first);
  }
  auto read = read_history(text);
  if (const auto* wrong = std::get_if<TextError>(&read)) FAIL(to_text(*wrong));
  return std::get<HistoryText>(read).transactions;
}

TransactionReport report_of(const std::vector<std::pair<std::string, std::string>>& lines) {
  return check_transactions(transactions(lines));
}

void check_first(const TransactionReport& report, Anomaly anomaly, Isolation weakest) {
  REQUIRE_FALSE(report.anomalies.empty());
  INFO(report.anomalies[0].words);
  CHECK(name_of(report.anomalies[0].anomaly) == name_of(anomaly));
  for (const Isolation level : {Isolation::kReadCommitted, Isolation::kSnapshot, Isolation::kSerializable})
    CHECK((report.judgement_of(level) == Judgement::kViolated) == (level >= weakest));
}

}  // namespace

TEST_CASE("transactions one after another are serializable") {
  const TransactionReport report = report_of({{"ok", R"([[:append "x" 1] [:append "y" 1]])"},
                                              {"ok", R"([[:r "x" [1]] [:append "x" 2] [:r "x" [1 2]]])"},
                                              {"fail", R"([[:append "x" 3]])"},
                                              {"ok", R"([[:r "x" [1 2]] [:r "y" [1]]])"}});
  CHECK(report.anomalies.empty());
  CHECK(report.judgement_of(Isolation::kSerializable) == Judgement::kHeld);
}

TEST_CASE("lost update: two read a list and append to it, one misses the other") {
  const TransactionReport report = report_of({{"ok", R"([[:r "x" []] [:append "x" 1]])"},
                                              {"ok", R"([[:r "x" []] [:append "x" 2]])"},
                                              {"ok", R"([[:r "x" [1 2]]])"}});
  check_first(report, Anomaly::kLostUpdate, Isolation::kSnapshot);
  CHECK(
      report.anomalies[0].words ==
      "T0 before T1, since T1 appended 2 to x after what T0 had appended; T1 before T0, since T1 read x without the 1 "
      "that T0 appended: a circle");
  check_first(report_of({{"ok", R"([[:r "x" []] [:append "x" 1]])"}, {"ok", R"([[:r "x" []] [:append "x" 2]])"}}),
              Anomaly::kLostUpdate, Isolation::kSnapshot);
}

TEST_CASE("dirty read: an append that was rolled back is seen") {
  check_first(report_of({{"fail", R"([[:append "x" 1]])"}, {"ok", R"([[:r "x" [1]]])"}}), Anomaly::kDirtyRead,
              Isolation::kReadCommitted);
}

TEST_CASE("intermediate read: a transaction is seen half done") {
  check_first(
      report_of(
          {{"ok", R"([[:append "x" 1] [:append "x" 2]])"}, {"ok", R"([[:r "x" [1]]])"}, {"ok", R"([[:r "x" [1 2]]])"}}),
      Anomaly::kIntermediate, Isolation::kReadCommitted);
}

TEST_CASE("write skew: each misses what the other appended elsewhere") {
  check_first(report_of({{"ok", R"([[:r "x" []] [:append "y" 1]])"}, {"ok", R"([[:r "y" []] [:append "x" 1]])"}}),
              Anomaly::kWriteSkew, Isolation::kSerializable);
}

TEST_CASE("long fork: two readers see two appends in opposite orders") {
  const TransactionReport report = report_of({{"ok", R"([[:append "x" 1]])"},
                                              {"ok", R"([[:append "y" 1]])"},
                                              {"ok", R"([[:r "x" [1]] [:r "y" []]])"},
                                              {"ok", R"([[:r "x" []] [:r "y" [1]]])"}});
  check_first(report, Anomaly::kLongFork, Isolation::kSnapshot);
  CHECK(report.anomalies[0].transactions.size() == 4);
}

TEST_CASE("read skew: a part of a transaction is seen and the rest is missed") {
  check_first(report_of({{"ok", R"([[:append "x" 1] [:append "y" 1]])"}, {"ok", R"([[:r "x" [1]] [:r "y" []]])"}}),
              Anomaly::kReadSkew, Isolation::kSnapshot);
}

TEST_CASE("circles of appends and of what was read") {
  check_first(report_of({{"ok", R"([[:append "x" 1] [:append "y" 2]])"},
                         {"ok", R"([[:append "x" 2] [:append "y" 1]])"},
                         {"ok", R"([[:r "x" [1 2]] [:r "y" [1 2]]])"}}),
              Anomaly::kWriteCycle, Isolation::kReadCommitted);
  check_first(report_of({{"ok", R"([[:append "x" 1] [:r "y" [1]]])"}, {"ok", R"([[:append "y" 1] [:r "x" [1]]])"}}),
              Anomaly::kInformationCycle, Isolation::kReadCommitted);
}

TEST_CASE("lists that no append explains") {
  for (const char* read : {R"([[:r "x" [7]]])", R"([[:append "x" 2] [:r "x" [1]]])", R"([[:r "x" [1 1]]])"})
    check_first(report_of({{"ok", R"([[:append "x" 1]])"}, {"ok", read}}), Anomaly::kImpossibleRead,
                Isolation::kReadCommitted);
  check_first(report_of({{"ok", R"([[:append "x" 1]])"},
                         {"ok", R"([[:append "x" 2]])"},
                         {"ok", R"([[:r "x" [1 2]]])"},
                         {"ok", R"([[:r "x" [2 1]]])"}}),
              Anomaly::kDivergentOrder, Isolation::kReadCommitted);
}

TEST_CASE("an append of unknown outcome took effect when somebody saw it, and else says nothing") {
  CHECK(report_of({{"info", R"([[:append "x" 1]])"}, {"ok", R"([[:r "x" [1]]])"}}).anomalies.empty());
  CHECK(report_of({{"info", R"([[:append "x" 1]])"}, {"ok", R"([[:r "x" []]])"}}).anomalies.empty());
}

TEST_CASE("elements that are appended twice leave transactions undecided") {
  const TransactionReport report = report_of({{"ok", R"([[:append "x" 1]])"}, {"ok", R"([[:append "x" 1]])"}});
  CHECK(report.judgement_of(Isolation::kSerializable) == Judgement::kUnknown);
  REQUIRE(report.undecided);
}

}  // namespace twice::check
