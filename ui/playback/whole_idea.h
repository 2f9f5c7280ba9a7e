#pragma once
// Four loaders against three faults, each cell from a run of a shipped scenario.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/playback/session.h"

namespace twice::playback {

class WholeIdea {
 public:
  struct Row {
    std::string loader;
    std::vector<std::optional<std::uint64_t>> rows;  // by fault; nullopt: not run yet
    std::optional<bool> partial_seen;                // by a reader, under the first fault
  };

  /// `sessions`: one a fault, all with the same lanes in the same order.
  WholeIdea(std::vector<std::string> faults, std::vector<std::unique_ptr<Session>> sessions);

  /// Runs on a little; false when all cells are there.
  bool work(Sequence events);
  const std::vector<std::string>& faults() const { return faults_; }
  std::vector<Row> rows() const;
  std::uint64_t wanted() const;

 private:
  std::vector<std::string> faults_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace twice::playback
