#include "protocols/client/client.h"

#include <algorithm>

namespace twice::protocols {
namespace {

enum : std::uint8_t { kPace, kDue };
// What a keyed draw of the client is for.
enum : std::uint64_t { kKind = 1, kKey, kInterval, kBackoff, kServer, kAmount };

constexpr Duration kNumberEvery = microseconds(100);  // more often on average no client asks
constexpr Duration kShortestPause = milliseconds(1);  // after an answer that took no time

Draw draw_for(std::uint64_t seed, std::uint32_t client, std::uint64_t number, std::uint64_t what) {
  return draw(seed, Purpose::kNode, mix(std::uint64_t{client} << 32 | what, number));
}

}  // namespace

void ClientNode::step(Time now, const Input& input, Effects& effects) {
  news.clear();
  if (std::holds_alternative<Start>(input)) return begin(now, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    if (fired->timer == kPace) next_operation(now, effects);
    if (fired->timer == kDue) armed = kEndOfTime, due(now, effects);
    return arm(now, effects);
  }
  const auto* received = std::get_if<Received>(&input);
  const Response* response = received ? received->body.get<Response>() : nullptr;
  if (!response) return;
  hear(now, received->from, *response, effects);
  arm(now, effects);
}

void ClientNode::begin(Time now, Effects& effects) {
  home = client % servers.size();
  // It keeps nothing on a disk. A later life counts on from its clock, beyond what an earlier one can have reached, so
  // that neither ids nor values are used twice; the first begins at zero. Even: kProbe tells writes from reads by it.
  before = static_cast<std::uint32_t>(std::max<std::int64_t>(now.ns, 0) / kNumberEvery.ns) & ~1u;
  asked = requests = before;
  pace(std::max(parameters.from - now, Duration{0}), effects);
}

void ClientNode::pace(Duration wait, Effects& effects) { effects.set_timer(kPace, wait); }

Command ClientNode::command_of(std::uint32_t number) const {
  const auto pick = [&](std::uint64_t what) { return draw_for(seed, client, number, what); };
  Command c;
  c.key = parameters.first_key + static_cast<std::uint32_t>(pick(kKey).below(parameters.keys));
  const bool reads = parameters.reads.hit(pick(kKind));
  const std::int64_t unique = unique_value(client, number);
  switch (parameters.workload) {
    case Workload::kRegister:
      if (!reads) c.verb = Verb::kWrite, c.value = unique;
      return c;
    case Workload::kCas: {
      if (reads) return c;
      const auto last = seen.find(c.key);
      c.verb = last == seen.end() ? Verb::kWrite : Verb::kCas;
      c.value = unique;
      if (last != seen.end()) c.expected = last->second;
      return c;
    }
    case Workload::kAppend:
      if (!reads) c.verb = Verb::kAppend, c.value = unique;
      return c;
    case Workload::kCounter:
      if (!reads) c.verb = Verb::kAdd, c.value = 1;
      return c;
    case Workload::kBank:
      if (client == 0 && number <= parameters.keys) {
        c.key = parameters.first_key + number - 1;
        c.verb = Verb::kAdd, c.value = parameters.opening_balance;
      } else if (!reads) {
        const std::int64_t amount = 1 + static_cast<std::int64_t>(pick(kAmount).below(80));
        c.verb = Verb::kAdd, c.value = pick(kServer).below(3) == 0 ? amount : -amount, c.expected = 0;
      }
      return c;
    case Workload::kSet:
      if (!reads) c.verb = Verb::kAppend, c.value = unique;
      if (!reads && number > before + 1 && pick(kAmount).below(4) == 0) {
        // An element is where it was inserted.
        const auto earlier = before + 1 + static_cast<std::uint32_t>(pick(kServer).below(number - before - 1));
        c.verb = Verb::kRemove;
        c.value = unique_value(client, earlier);
        c.key = parameters.first_key +
                static_cast<std::uint32_t>(draw_for(seed, client, earlier, kKey).below(parameters.keys));
      }
      return c;
    case Workload::kProbe:
      c.key = parameters.first_key + (number - 1) / 2 % parameters.keys;
      if (number % 2 == 1) c.verb = Verb::kWrite, c.value = unique;
      return c;
  }
  return c;
}

void ClientNode::next_operation(Time now, Effects& effects) {
  if (now >= parameters.to || (parameters.at_most > 0 && asked - before >= parameters.at_most)) return;
  Asked operation;
  operation.number = ++asked;
  operation.command = command_of(operation.number);
  operation.invoked = now;
  if (parameters.route == Route::kRoundRobin) home = operation.number % servers.size();
  if (parameters.route == Route::kRandom)
    home = draw_for(seed, client, operation.number, kServer).below(servers.size());
  operation.server = servers[home];
  operation.request = ++requests;
  effects.mark("invoke", operation.number, client + 1);
  news.push_back(operation);
  ask(now, operation, effects);
  open.push_back(std::move(operation));
  if (!is_closed_loop())
    pace(exponential(parameters.interval, draw_for(seed, client, operation.number, kInterval)), effects);
}

std::uint32_t ClientNode::settled() const {
  std::uint32_t lowest = requests + 1;
  for (const Asked& operation : open) lowest = std::min(lowest, operation.request);
  return lowest;
}

void ClientNode::ask(Time now, Asked& operation, Effects& effects) {
  operation.waits = false;
  operation.due = now + parameters.timeout;
  Request request{{self, operation.request}, std::min(settled(), operation.request), operation.command, {}};
  if (const auto context = contexts.find(operation.command.key); context != contexts.end())
    request.context = context->second;
  effects.send(operation.server, Payload(std::move(request)));
}

// The attempt failed or went unanswered: another one, if the policy has one left.
void ClientNode::again(Time now, Asked& operation) {
  const auto at = std::find(servers.begin(), servers.end(), operation.server);
  if (at != servers.end()) home = (static_cast<std::size_t>(at - servers.begin()) + 1) % servers.size();
  operation.server = servers[home];
  const std::uint32_t doublings = std::min(operation.attempt - 1, 10u);
  const Duration wait = parameters.backoff.pick(
      draw_for(seed, client, std::uint64_t{operation.attempt} << 32 | operation.number, kBackoff));
  ++operation.attempt;
  if (parameters.retry == RetryPolicy::kRetryNewId) operation.request = ++requests;
  operation.waits = true;
  operation.due = now + wait * (std::int64_t{1} << doublings);
}

void ClientNode::hear(Time now, NodeId from, const Response& response, Effects& effects) {
  const auto at = std::find_if(open.begin(), open.end(), [&](const Asked& o) { return o.request == response.number; });
  if (at == open.end()) return;  // answered before, or given up
  Asked& operation = *at;
  const auto index = static_cast<std::size_t>(at - open.begin());
  const Command& command = operation.command;
  if (response.reply.status == Status::kUnavailable) {
    if (operation.waits || from != operation.server) return;  // an echo of an earlier attempt
    if (parameters.follow && response.ask != kNobody && response.ask != operation.server &&
        operation.attempt < parameters.attempts + servers.size()) {
      ++operation.attempt;
      operation.server = response.ask;
      if (const auto known = std::find(servers.begin(), servers.end(), response.ask); known != servers.end())
        home = static_cast<std::size_t>(known - servers.begin());
      return ask(now, operation, effects);
    }
    if (parameters.retry != RetryPolicy::kGiveUp && operation.attempt < parameters.attempts)
      return again(now, operation);
    return finish(now, index, operation.in_doubt ? Asked::Phase::kUnknown : Asked::Phase::kFailed, effects);
  }
  operation.server = from;
  operation.result = response.reply.value;
  if (!response.context.empty()) merge(contexts[command.key], response.context);
  operation.refused = response.reply.status == Status::kRefused;
  if (operation.refused)
    // An unanswered attempt may have done what makes this one be refused.
    return finish(now, index, operation.in_doubt ? Asked::Phase::kUnknown : Asked::Phase::kFailed, effects);
  if (command.verb == Verb::kWrite || command.verb == Verb::kCas) seen[command.key] = command.value;
  if (command.verb == Verb::kRead && !operation.result.empty()) seen[command.key] = operation.result.back();
  finish(now, index, Asked::Phase::kOk, effects);
}

void ClientNode::due(Time now, Effects& effects) {
  for (std::size_t i = 0; i < open.size();) {
    Asked& operation = open[i];
    if (operation.due > now) {
      ++i;
    } else if (operation.waits) {
      ask(now, operation, effects);
      ++i;
    } else {
      operation.in_doubt = operation.in_doubt || operation.command.writes();
      if (parameters.retry != RetryPolicy::kGiveUp && operation.attempt < parameters.attempts) {
        again(now, operation);
        ++i;
      } else {
        // A home that does not answer is left.
        if (parameters.route == Route::kHome) home = (home + 1) % servers.size();
        finish(now, i, Asked::Phase::kUnknown, effects);
      }
    }
  }
}

void ClientNode::finish(Time now, std::size_t index, Asked::Phase phase, Effects& effects) {
  Asked operation = std::move(open[index]);
  open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
  operation.phase = phase;
  std::string_view label = "unknown";
  if (phase == Asked::Phase::kOk) label = "ok", ++ok;
  if (phase == Asked::Phase::kFailed) label = "fail", ++failed;
  if (phase == Asked::Phase::kUnknown) ++unknown;
  effects.mark(label, operation.number, client + 1);
  const bool wrote_probe = parameters.workload == Workload::kProbe && operation.command.writes();
  const bool took_time = operation.invoked != now;
  news.push_back(std::move(operation));
  if (!is_closed_loop()) return;
  if (wrote_probe) return pace(parameters.wait, effects);
  // A server without latency answers, or refuses, at once. Who then asks again at once does so for ever at one moment.
  if (!took_time && parameters.think.ns == 0) return pace(std::max(parameters.backoff.low, kShortestPause), effects);
  // Drawn, or clients without latency would all ask at the same moments for ever.
  effects.set_timer(kPace, {parameters.think / 2, parameters.think + parameters.think / 2});
}

// One timer for whatever is due first. It is never set back: it fires early and finds nothing due.
void ClientNode::arm(Time now, Effects& effects) {
  Time first = kEndOfTime;
  for (const Asked& operation : open) first = std::min(first, operation.due);
  if (first >= armed) return;
  armed = first;
  effects.set_timer(kDue, std::max(first - now, Duration{0}));
}

}  // namespace twice::protocols
