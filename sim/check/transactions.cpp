#include "check/transactions.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace twice::check {
namespace {

enum class Dependency : std::uint8_t {
  kWriteWrite,  // the second appended right after the first
  kWriteRead,   // the second read what the first appended last
  kReadWrite,   // the first read the list and did not see the second's append, which came next
};

struct Depends {
  std::size_t from = 0, to = 0;
  Dependency kind = Dependency::kWriteWrite;
  std::string key;
  std::int64_t element = 0;  // appended by `to`, or read by it
};

constexpr std::size_t kNoTransaction = ~std::size_t{0};

std::string name_of(std::size_t transaction) { return fmt::format("T{}", transaction); }

using KeyElement = std::pair<std::string, std::int64_t>;

class TransactionCheck {
 public:
  explicit TransactionCheck(const std::vector<Transaction>& transactions) : all_(transactions) {}

  TransactionReport check() {
    if (!collect_appends()) return std::move(report_);
    for (std::size_t t = 0; t < all_.size(); ++t)
      if (all_[t].outcome == Outcome::kOk) judge_reads(t);
    order_versions();
    make_dependencies();
    find_cycles();
    auto& found = report_.anomalies;
    std::stable_sort(found.begin(), found.end(),
                     [](const AnomalyReport& a, const AnomalyReport& b) { return a.anomaly < b.anomaly; });
    if (found.size() > TransactionReport::kMostAnomalies) found.resize(TransactionReport::kMostAnomalies);
    return std::move(report_);
  }

 private:
  void report(Anomaly anomaly, std::vector<std::size_t> transactions, std::string words) {
    report_.anomalies.push_back({anomaly, std::move(transactions), std::move(words)});
  }

  bool collect_appends() {
    for (std::size_t t = 0; t < all_.size(); ++t)
      for (const MicroOperation& m : all_[t].operations) {
        if (m.function != Function::kAppend) continue;
        const auto [at, is_new] = appended_by_.emplace(KeyElement{m.key, m.element}, t);
        if (!is_new) {
          report_.undecided = fmt::format("{} is appended to {} by {} and {}: give every append an element of its own",
                                          m.element, m.key, name_of(at->second), name_of(t));
          return false;
        }
        last_[{m.key, t}] = m.element;
      }
    return true;
  }

  // --- single reads ---

  void judge_reads(std::size_t t) {
    std::map<std::string, List> own;  // appended so far
    for (const MicroOperation& m : all_[t].operations) {
      if (m.function == Function::kAppend) {
        own[m.key].push_back(m.element);
      } else if (m.list) {
        judge_elements(t, m);
        judge_own(t, m, own[m.key]);
        external_[m.key].push_back({t, without(*m.list, own[m.key])});
      }
    }
  }

  static List without(List list, const List& own) {
    std::erase_if(list, [&](std::int64_t e) { return std::find(own.begin(), own.end(), e) != own.end(); });
    return list;
  }

  void judge_elements(std::size_t t, const MicroOperation& m) {
    List sorted = *m.list;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
      report(
          Anomaly::kImpossibleRead, {t},
          fmt::format("{} reads [{}] from {}: {} is in it twice", name_of(t), fmt::join(*m.list, " "), m.key, *twice));
    for (std::size_t i = 0; i < m.list->size(); ++i) {
      const std::int64_t element = (*m.list)[i];
      const auto writer = appended_by_.find({m.key, element});
      if (writer == appended_by_.end()) {
        report(Anomaly::kImpossibleRead, {t},
               fmt::format("{} reads {} from {}, and nobody appended it", name_of(t), element, m.key));
      } else if (all_[writer->second].outcome == Outcome::kFail) {
        report(Anomaly::kDirtyRead, {t, writer->second},
               fmt::format("{} reads {} from {}, which {} appended; {} was rolled back", name_of(t), element, m.key,
                           name_of(writer->second), name_of(writer->second)));
      } else if (writer->second != t && i + 1 == m.list->size() && last_[{m.key, writer->second}] != element) {
        report(Anomaly::kIntermediate, {t, writer->second},
               fmt::format("{} reads {} as the end of {}, but {} went on to append {}: it was not finished", name_of(t),
                           element, m.key, name_of(writer->second), last_[{m.key, writer->second}]));
      }
    }
  }

  void judge_own(std::size_t t, const MicroOperation& m, const List& own) {
    const List& list = *m.list;
    auto from = list.begin();
    for (const std::int64_t element : own)
      if ((from = std::find(from, list.end(), element)) == list.end()) break;
    if (!own.empty() && from == list.end())
      report(Anomaly::kImpossibleRead, {t},
             fmt::format("{} appended [{}] to {} and then reads [{}]", name_of(t), fmt::join(own, " "), m.key,
                         fmt::join(list, " ")));
  }

  // --- versions ---

  // The longest list that somebody read of each key is its order of appends; the others must be its beginnings.
  void order_versions() {
    for (std::size_t t = 0; t < all_.size(); ++t) {
      if (all_[t].outcome != Outcome::kOk) continue;
      for (const MicroOperation& m : all_[t].operations) {
        if (m.function != Function::kRead || !m.list) continue;
        auto& [reader, longest] = order_.emplace(m.key, std::pair{t, *m.list}).first->second;
        const std::size_t shared = std::min(longest.size(), m.list->size());
        if (!std::equal(longest.begin(), longest.begin() + static_cast<std::ptrdiff_t>(shared), m.list->begin()))
          report(Anomaly::kDivergentOrder, {reader, t},
                 fmt::format("{} reads [{}] from {} and {} reads [{}]: no list grows through both", name_of(reader),
                             fmt::join(longest, " "), m.key, name_of(t), fmt::join(*m.list, " ")));
        else if (m.list->size() > longest.size())
          longest = *m.list, reader = t;
      }
    }
  }

  std::size_t writer_of(const std::string& key, std::int64_t element) const {
    const auto found = appended_by_.find({key, element});
    return found == appended_by_.end() || all_[found->second].outcome == Outcome::kFail ? kNoTransaction
                                                                                        : found->second;
  }

  void depend(std::size_t from, std::size_t to, Dependency kind, const std::string& key, std::int64_t element) {
    if (from == to || from == kNoTransaction || to == kNoTransaction) return;
    depends_[from].push_back({from, to, kind, key, element});
  }

  void make_dependencies() {
    depends_.resize(all_.size());
    std::map<std::string, std::map<std::int64_t, std::size_t>> places;
    for (const auto& [key, order] : order_) {
      const List& list = order.second;
      for (std::size_t i = 0; i < list.size(); ++i) {
        places[key].emplace(list[i], i);
        if (i > 0) depend(writer_of(key, list[i - 1]), writer_of(key, list[i]), Dependency::kWriteWrite, key, list[i]);
      }
    }
    // Appends that committed and are in no list that was read come after all that are.
    std::map<std::string, std::vector<std::pair<std::size_t, std::int64_t>>> unseen;
    for (const auto& [at, writer] : appended_by_)
      if (all_[writer].outcome == Outcome::kOk && !places[at.first].count(at.second))
        unseen[at.first].push_back({writer, at.second});
    for (const auto& [key, reads] : external_)
      for (const auto& [reader, list] : reads) {
        if (!list.empty()) depend(writer_of(key, list.back()), reader, Dependency::kWriteRead, key, list.back());
        const List& all = order_[key].second;
        const std::size_t next = list.empty() ? 0 : after(places[key], list.back(), all.size());
        if (next < all.size()) depend(reader, writer_of(key, all[next]), Dependency::kReadWrite, key, all[next]);
        if (next >= all.size() || writer_of(key, all[next]) == reader)
          for (const auto& [writer, element] : unseen[key])
            depend(reader, writer, Dependency::kReadWrite, key, element);
      }
  }

  static std::size_t after(const std::map<std::int64_t, std::size_t>& places, std::int64_t element, std::size_t end) {
    const auto found = places.find(element);
    return found == places.end() ? end : found->second + 1;
  }

  // --- cycles ---

  /// What a cycle may be made of, from bad to subtle.
  enum class Walk : std::uint8_t {
    kAppends,
    kAppendsAndReads,
    kNoTwoMisses,  // never two misses in a row: what snapshot isolation rules out (Fekete et al. 2005)
    kAny,
  };

  // The shortest cycle through each transaction that lies on none yet, worst kinds first.
  void find_cycles() {
    std::vector<bool> on_cycle(all_.size(), false);
    for (const Walk walk : {Walk::kAppends, Walk::kAppendsAndReads, Walk::kNoTwoMisses, Walk::kAny})
      for (std::size_t t = 0; t < all_.size(); ++t) {
        if (on_cycle[t]) continue;
        const std::vector<Depends> cycle = shortest_cycle(t, walk);
        if (cycle.empty()) continue;
        std::vector<std::size_t> members;
        for (const Depends& d : cycle) {
          members.push_back(d.from);
          on_cycle[d.from] = true;
        }
        report(kind_of(cycle), std::move(members), words_of(cycle));
      }
  }

  static bool may_follow(const Depends* last, const Depends& next, Walk walk) {
    switch (walk) {
      case Walk::kAppends:
        return next.kind == Dependency::kWriteWrite;
      case Walk::kAppendsAndReads:
        return next.kind != Dependency::kReadWrite;
      case Walk::kNoTwoMisses:  // begins without a miss, so that the end may be one
        return next.kind != Dependency::kReadWrite || (last && last->kind != Dependency::kReadWrite);
      case Walk::kAny:
        return true;
    }
    return false;
  }

  // Breadth first over transactions and whether they were reached by a miss.
  std::vector<Depends> shortest_cycle(std::size_t start, Walk walk) const {
    struct Step {
      const Depends* by;
      std::size_t before;  // in the queue; the first step has none
    };
    std::set<std::pair<std::size_t, bool>> reached;
    std::vector<Step> queue;
    const auto go_on = [&](std::size_t at, const Depends* last, std::size_t before) -> const Depends* {
      for (const Depends& d : depends_[at]) {
        if (!may_follow(last, d, walk) || !reached.emplace(d.to, d.kind == Dependency::kReadWrite).second) continue;
        queue.push_back({&d, before});
        if (d.to == start) return &d;
      }
      return nullptr;
    };
    const Depends* end = go_on(start, nullptr, kNoTransaction);
    for (std::size_t i = 0; i < queue.size() && !end; ++i) end = go_on(queue[i].by->to, queue[i].by, i);
    std::vector<Depends> cycle;
    if (!end) return cycle;
    for (std::size_t i = queue.size() - 1; i != kNoTransaction; i = queue[i].before) cycle.push_back(*queue[i].by);
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  Anomaly kind_of(const std::vector<Depends>& cycle) const {
    std::size_t missed = 0, read = 0;
    bool adjacent = false;  // two misses in a row, as every cycle under snapshot isolation has
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const bool misses = cycle[i].kind == Dependency::kReadWrite;
      missed += misses;
      read += cycle[i].kind == Dependency::kWriteRead;
      adjacent = adjacent || (misses && cycle[(i + 1) % cycle.size()].kind == Dependency::kReadWrite);
    }
    if (missed == 0) return read == 0 ? Anomaly::kWriteCycle : Anomaly::kInformationCycle;
    if (is_lost_update(cycle)) return Anomaly::kLostUpdate;
    if (missed == 1) return Anomaly::kReadSkew;
    return adjacent ? Anomaly::kWriteSkew : Anomaly::kLongFork;
  }

  // Two transactions that read one list, both missed the other's append, or one did while the other came first.
  bool is_lost_update(const std::vector<Depends>& cycle) const {
    if (cycle.size() != 2 || cycle[0].key != cycle[1].key) return false;
    const auto updates = [&](std::size_t t) {
      bool reads = false, appends = false;
      for (const MicroOperation& m : all_[t].operations) {
        if (m.key != cycle[0].key) continue;
        (m.function == Function::kRead ? reads : appends) = true;
      }
      return reads && appends;
    };
    return updates(cycle[0].from) && updates(cycle[1].from);
  }

  static std::string words_of(const Depends& d) {
    switch (d.kind) {
      case Dependency::kWriteWrite:
        return fmt::format("{} appended {} to {} after what {} had appended", name_of(d.to), d.element, d.key,
                           name_of(d.from));
      case Dependency::kWriteRead:
        return fmt::format("{} read {} from {}, which {} had appended", name_of(d.to), d.element, d.key,
                           name_of(d.from));
      case Dependency::kReadWrite:
        return fmt::format("{} read {} without the {} that {} appended", name_of(d.from), d.key, d.element,
                           name_of(d.to));
    }
    return {};
  }

  static std::string words_of(const std::vector<Depends>& cycle) {
    std::string text;
    for (const Depends& d : cycle)
      text += fmt::format("{}{} before {}, since {}", text.empty() ? "" : "; ", name_of(d.from), name_of(d.to),
                          words_of(d));
    return text + ": a circle";
  }

  const std::vector<Transaction>& all_;
  TransactionReport report_;
  std::map<KeyElement, std::size_t> appended_by_;
  std::map<std::pair<std::string, std::size_t>, std::int64_t> last_;           // append of a transaction to a key
  std::map<std::string, std::pair<std::size_t, List>> order_;                  // who read it, and the order of appends
  std::map<std::string, std::vector<std::pair<std::size_t, List>>> external_;  // reads, without own appends
  std::vector<std::vector<Depends>> depends_;
};

// The weakest level that rules it out.
Isolation ruled_out_by(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::kImpossibleRead:
    case Anomaly::kDirtyRead:
    case Anomaly::kIntermediate:
    case Anomaly::kDivergentOrder:
    case Anomaly::kWriteCycle:
    case Anomaly::kInformationCycle:
      return Isolation::kReadCommitted;
    case Anomaly::kLostUpdate:
    case Anomaly::kReadSkew:
    case Anomaly::kLongFork:
      return Isolation::kSnapshot;
    case Anomaly::kWriteSkew:
      return Isolation::kSerializable;
  }
  return Isolation::kReadCommitted;
}

}  // namespace

std::string_view name_of(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::kImpossibleRead:
      return "impossible read";
    case Anomaly::kDirtyRead:
      return "dirty read";
    case Anomaly::kIntermediate:
      return "intermediate read";
    case Anomaly::kDivergentOrder:
      return "divergent order";
    case Anomaly::kWriteCycle:
      return "write cycle";
    case Anomaly::kInformationCycle:
      return "circular information flow";
    case Anomaly::kLostUpdate:
      return "lost update";
    case Anomaly::kReadSkew:
      return "read skew";
    case Anomaly::kLongFork:
      return "long fork";
    case Anomaly::kWriteSkew:
      return "write skew";
  }
  return {};
}

std::string_view doc_of(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::kImpossibleRead:
      return "a list that no order of the appends explains";
    case Anomaly::kDirtyRead:
      return "an append of a transaction that was rolled back was seen";
    case Anomaly::kIntermediate:
      return "a transaction was seen half done";
    case Anomaly::kDivergentOrder:
      return "two reads saw the same appends in different orders";
    case Anomaly::kWriteCycle:
      return "transactions appended after each other in a circle";
    case Anomaly::kInformationCycle:
      return "transactions saw each other's appends in a circle";
    case Anomaly::kLostUpdate:
      return "two read the same list and appended to it, and one did not see the other";
    case Anomaly::kReadSkew:
      return "one transaction saw a part of another and missed the rest";
    case Anomaly::kLongFork:
      return "two readers saw two appends in opposite orders";
    case Anomaly::kWriteSkew:
      return "each missed what the other appended";
  }
  return {};
}

std::string_view name_of(Isolation isolation) {
  switch (isolation) {
    case Isolation::kReadCommitted:
      return "read committed";
    case Isolation::kSnapshot:
      return "snapshot isolation";
    case Isolation::kSerializable:
      return "serializable";
  }
  return {};
}

Judgement TransactionReport::judgement_of(Isolation isolation) const {
  if (undecided) return Judgement::kUnknown;
  const bool broken = std::any_of(anomalies.begin(), anomalies.end(),
                                  [&](const AnomalyReport& a) { return ruled_out_by(a.anomaly) <= isolation; });
  return broken ? Judgement::kViolated : Judgement::kHeld;
}

TransactionReport check_transactions(const std::vector<Transaction>& transactions) {
  return TransactionCheck(transactions).check();
}

std::string in_words(const Transaction& transaction) {
  std::string steps;
  for (const MicroOperation& m : transaction.operations) {
    if (!steps.empty()) steps += ", ";
    if (m.function == Function::kAppend)
      steps += fmt::format("append {} to {}", m.element, m.key);
    else
      steps += m.list ? fmt::format("read [{}] from {}", fmt::join(*m.list, " "), m.key) : "read " + m.key;
  }
  return transaction.client.empty() ? fmt::format("process {}: {}", transaction.process, steps)
                                    : fmt::format("{}: {}", transaction.client, steps);
}

}  // namespace twice::check
