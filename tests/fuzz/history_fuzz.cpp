// Damaged histories must be answered, not survived: a history that is read can be judged, written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "check/history_text.h"
#include "check/spectrum.h"
#include "check/transactions.h"

using namespace twice::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = read_history(std::string_view(reinterpret_cast<const char*>(data), size));
  if (const auto* wrong = std::get_if<TextError>(&read)) {
    if (wrong->line == 0 || wrong->column == 0 || wrong->message.empty()) std::abort();
    return 0;
  }
  const auto& text = std::get<HistoryText>(read);
  check_transactions(text.transactions);
  SpectrumOptions options;
  options.linearizable_budget = options.sequential_budget = 2'000;
  options.session_budget = 200'000;
  const auto rows = spectrum(text.history, options);
  if (rows.size() != kModels.size()) std::abort();
  if (text.history.operations.empty()) return 0;
  const std::string edn = to_edn(text.history);
  const auto again = read_history(edn);
  if (!std::holds_alternative<HistoryText>(again)) std::abort();
  if (to_edn(std::get<HistoryText>(again).history) != edn) std::abort();
  return 0;
}
