#include "protocols/single/single.h"

namespace twice::protocols {

void SingleNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input))
    return journal.recover(start->durable, parameters.sessions, store, effects);
  if (const auto* written = std::get_if<Written>(&input)) return journal.written(written->token, effects);
  const auto* received = std::get_if<Received>(&input);
  const Request* request = received ? received->body.get<Request>() : nullptr;
  if (!request) return;
  Reply reply = store.apply(*request, parameters.sessions);
  if (request->command.writes() && parameters.persist != Persist::kNever)
    newest_write = journal.append(0, applied + 1, Block<Request>(*request), store, effects);
  applied += request->command.writes();
  answer(effects, request->id, std::move(reply), parameters.persist == Persist::kBeforeAnswer ? newest_write : 0);
}

std::vector<world::NodeSetup> make_single_servers(const std::vector<std::string>& names,
                                                  const SingleParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (const std::string& name : names) {
    SingleNode node;
    node.parameters = parameters;
    nodes.push_back({.name = name, .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols
