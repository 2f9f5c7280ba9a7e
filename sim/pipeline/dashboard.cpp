#include "pipeline/dashboard.h"

namespace twice::pipeline {

void DashboardNode::step(Time now, const Input& input, Effects& effects) {
  if (std::holds_alternative<Start>(input) || std::holds_alternative<TimerFired>(input)) {
    ++asked;
    effects.send(warehouse, Payload(Execute{{kFirstSession + asked}, 1, query}));
    effects.set_timer(0, every);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  const Result* result = received ? received->body.get<Result>() : nullptr;
  if (!result) return;
  effects.send(warehouse, Payload(Goodbye{result->session}));
  last = Reading{now, result->status == SqlStatus::kOk, {}, result->message};
  if (!result->rows.rows.empty()) {
    last.values = result->rows.rows.front();
    columns = result->rows.columns;
  }
  readings.push_back(last);
  effects.mark("reading", readings.size());
}

}  // namespace twice::pipeline
