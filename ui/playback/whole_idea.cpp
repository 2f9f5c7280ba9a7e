#include "ui/playback/whole_idea.h"

#include <utility>

namespace twice::playback {

WholeIdea::WholeIdea(std::vector<std::string> faults, std::vector<std::unique_ptr<Session>> sessions)
    : faults_(std::move(faults)), sessions_(std::move(sessions)) {}

bool WholeIdea::work(Sequence events) {
  for (const auto& session : sessions_)
    if (!session->complete()) return session->work(events);
  return false;
}

std::vector<WholeIdea::Row> WholeIdea::rows() const {
  std::vector<Row> rows;
  if (sessions_.empty()) return rows;
  for (std::size_t lane = 0; lane < sessions_.front()->lanes().size(); ++lane) {
    Row row{sessions_.front()->lanes()[lane].name(), {}, std::nullopt};
    for (const auto& session : sessions_) {
      const lab::RunReport* report = lane < session->lanes().size() ? session->report(lane) : nullptr;
      const bool known = report && report->load;
      row.rows.push_back(known ? std::optional(report->load->rows) : std::nullopt);
      if (known && session == sessions_.front()) row.partial_seen = report->load->partial_seen;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::uint64_t WholeIdea::wanted() const {
  for (const auto& session : sessions_)
    if (const lab::RunReport* report = session->report(0); report && report->load) return report->load->wanted_rows;
  return 0;
}

}  // namespace twice::playback
