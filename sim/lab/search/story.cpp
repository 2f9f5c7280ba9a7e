#include "lab/search/story.h"

#include <fmt/format.h>

#include "core/assert.h"
#include "lab/search/choices.h"

namespace twice::lab::search {
namespace {

std::vector<Field> fields_of_local(const Local& local) {
  FieldList list;
  local.node->describe(list, {});
  for (const Record& record : local.durable) record.value.describe(list, fmt::format("disk[{}]", record.key));
  for (const Local::Unsynced& write : local.unsynced)
    write.record.value.describe(list, fmt::format("unsynced[{}]", write.record.key));
  list.boolean("up", local.up);
  return list.fields();
}

}  // namespace

std::vector<StoryStep> Storyteller::tell(const std::vector<Row>& rows, const Row& first,
                                         std::optional<std::size_t> mark) {
  std::vector<StoryStep> story;
  Choices choices(model_, expander_.places());
  Row at = first;
  const std::size_t steps = rows.size() - (mark ? 0 : 1);
  for (std::size_t i = 0; i < steps; ++i) {
    const bool last = i + 1 == rows.size();
    std::optional<Row> to;
    Move chosen;
    std::size_t who = 0;
    expander_.for_each_next(at, [&](std::size_t slot, const Move& move, const Row& next, const auto&) {
      if (to) return;
      if (last ? (move.marks >> *mark & 1) == 0 : expander_.canonical(next) != rows[i + 1]) return;
      to = next, chosen = move, who = slot;
    });
    TWICE_ASSERT(to.has_value(), "a way that was found cannot be followed");
    story.push_back(step(who, chosen, at));
    story.back().choice = choices.take(who, chosen);
    at = *to;
  }
  return story;
}

StoryStep Storyteller::step(std::size_t slot, const Move& move, const Row& before) {
  Places& places = expander_.places();
  StoryStep told;
  told.node = {static_cast<std::uint16_t>(slot)};
  told.words = words(slot, move, before[slot]);
  told.changes =
      difference(fields_of_local(places.local(slot, before[slot])), fields_of_local(places.local(slot, move.to)));
  for (std::uint32_t i = 0; i < move.sends; ++i) {
    const InFlight& message = places.message(places.sends()[move.first_send + i]);
    told.sent.push_back(fmt::format("{} to {}", message_words(message.body), model_.names[message.to.index]));
  }
  for (const Mark& mark : places.marks_of(slot, before[slot], move))
    told.marks.push_back(fmt::format("{}:{}", mark.label, mark.value));
  return told;
}

std::string Storyteller::message_words(const Payload& body) const {
  FieldList list;
  body.describe(list, {});
  std::string fields;
  for (const Field& field : list.fields())
    if (!field.path.empty()) fields += fmt::format("{}{} {}", fields.empty() ? "" : ", ", field.path, field.text);
  return fields.empty() ? std::string(body.name()) : fmt::format("{} ({})", body.name(), fields);
}

std::string Storyteller::words(std::size_t slot, const Move& move, std::uint32_t place) const {
  const std::string& name = model_.names[slot];
  const auto message = [&] {
    const InFlight& m = expander_.places().message(move.message);
    return fmt::format("{} from {}", message_words(m.body), model_.names[m.from.index]);
  };
  switch (move.kind) {
    case Move::Kind::kDeliver:
      return fmt::format("{} gets {}", name, message());
    case Move::Kind::kIgnore:
      return fmt::format("{} reaches {}, which is down", message(), name);
    case Move::Kind::kDrop:
      return fmt::format("{} to {} is lost", message(), name);
    case Move::Kind::kTimer: {
      const Node& node = *expander_.places().local(slot, place).node;
      return model_.timer_name ? fmt::format("{} {}", name, model_.timer_name(node, move.timer))
                               : fmt::format("timer {} of {} ends", move.timer, name);
    }
    case Move::Kind::kSync:
      return fmt::format("the disk of {} has written", name);
    case Move::Kind::kCrash:
      return fmt::format("{} crashes", name);
    case Move::Kind::kRestart:
      return fmt::format("{} starts again", name);
  }
  return {};
}

std::string to_text(const std::vector<StoryStep>& story) {
  std::string text;
  for (std::size_t i = 0; i < story.size(); ++i) {
    text += fmt::format("{:>3}. {}\n", i + 1, story[i].words);
    for (const FieldChange& change : story[i].changes) text += fmt::format("       {}\n", to_text(change));
    if (!story[i].sent.empty()) text += fmt::format("       sends {}\n", fmt::join(story[i].sent, ", "));
  }
  return text;
}

}  // namespace twice::lab::search
