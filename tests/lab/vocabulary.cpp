// What the checks know of marks and messages is what nodes report and send: the shipped scenarios are held against it.
#include <set>

#include "lab/live_run.h"
#include "lab/shipped.h"
#include "scenario/vocabulary.h"

namespace twice::lab {
namespace {

class Heard final : public world::Observer {
 public:
  void event(const world::World&, const Event&, const std::vector<Effect>& effects) override {
    for (const Effect& effect : effects)
      if (const auto* send = std::get_if<Send>(&effect)) messages.emplace(send->body.name());
  }
  void record(const world::World&, const TraceRecord& record, std::string_view label) override {
    if (record.kind != RecordKind::kMark) return;
    marks.emplace(label);
    if (record.value == 0) zero.emplace(label);
  }
  std::set<std::string> marks, zero, messages;
};

}  // namespace

TEST_CASE("every mark that a node reports and every message that it sends is in the vocabulary of its scenario") {
  std::set<std::string> seen;
  for (const auto& file : shipped_files()) {
    const scenario::Scenario s = shipped(std::filesystem::relative(file, shipped_folder()).string());
    for (const scenario::Variant& variant : s.variants) {
      const Ready ready = make_ready(variant);
      LiveRun live(ready, s.shared().seeds.first, {});
      REQUIRE(live.error().empty());
      Heard heard;
      live.advance(20'000, &heard);
      std::string unknown;
      const auto marks = scenario::marks_of(variant.spec);
      for (const std::string& label : heard.marks) {
        const auto known = std::find_if(marks.begin(), marks.end(), [&](const auto& m) { return m.name == label; });
        if (known == marks.end())
          unknown += "mark " + label + "\n";
        else if (known->never_zero && heard.zero.contains(label))
          unknown += "mark " + label + " with 0\n";
        seen.insert(label);
      }
      const auto messages = scenario::messages_of(variant.spec);
      for (const std::string& name : heard.messages)
        if (std::find(messages.begin(), messages.end(), name) == messages.end()) unknown += "message " + name + "\n";
      INFO(file.filename().string() << ", " << variant.name);
      CHECK(unknown == "");
    }
  }
  CHECK(seen.size() >= 40);
}

}  // namespace twice::lab
