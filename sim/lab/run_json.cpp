// A run as JSON, and back.
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/run.h"

namespace twice::lab {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity; as null it would look like SQL's NULL.
Json real_json(double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  if (value >= -kLargest && value <= kLargest) return value;
  return {{"real", value > 0 ? "inf" : value < 0 ? "-inf" : "nan"}};
}

double real_from(const Json& json) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string word = json.get<std::string>();
  return word == "inf" ? infinity : word == "-inf" ? -infinity : std::numeric_limits<double>::quiet_NaN();
}

Json value_json(const pipeline::SqlValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return *i;
  if (const auto* r = std::get_if<double>(&value)) return real_json(*r);
  if (const auto* t = std::get_if<std::string>(&value)) return *t;
  if (const auto* b = std::get_if<pipeline::Blob>(&value)) {
    Json bytes = Json::array();
    for (const char c : b->bytes) bytes.push_back(static_cast<unsigned char>(c));
    return Json{{"blob", bytes}};
  }
  return nullptr;
}

pipeline::SqlValue value_from(const Json& json) {
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_object()) return pipeline::Null{};
  if (const auto real = json.find("real"); real != json.end()) return real_from(*real);
  pipeline::Blob blob;
  for (const Json& byte : json.at("blob")) blob.bytes += static_cast<char>(byte.get<int>());
  return blob;
}

Json row_json(const pipeline::SqlRow& row) {
  Json out = Json::array();
  for (const auto& value : row) out.push_back(value_json(value));
  return out;
}
pipeline::SqlRow row_from(const Json& json) {
  pipeline::SqlRow row;
  for (const Json& value : json) row.push_back(value_from(value));
  return row;
}
Json rows_json(const std::vector<pipeline::SqlRow>& rows) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(row_json(row));
  return out;
}
std::vector<pipeline::SqlRow> rows_from(const Json& json) {
  std::vector<pipeline::SqlRow> rows;
  for (const Json& row : json) rows.push_back(row_from(row));
  return rows;
}
Json moment_json(const std::optional<pipeline::SqlRow>& row) { return row ? row_json(*row) : Json(nullptr); }
std::optional<pipeline::SqlRow> moment_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(row_from(json));
}

Json finding_json(const Finding& f) {
  return {{"name", f.name},
          {"held", name_of(f.held)},
          {"wanted", f.wanted},
          {"seen", f.seen},
          {"source", f.span.source},
          {"line", f.span.begin.line},
          {"column", f.span.begin.column},
          {"end_line", f.span.end.line},
          {"end_column", f.span.end.column},
          {"at_ns", f.at ? Json(f.at->ns) : Json(nullptr)}};
}
Finding finding_from(const Json& json) {
  Finding f;
  f.name = json.at("name");
  for (const Held held : {Held::kYes, Held::kNo, Held::kUnknown})
    if (name_of(held) == json.at("held").get<std::string>()) f.held = held;
  f.wanted = json.at("wanted");
  f.seen = json.at("seen");
  f.span = {json.at("source"), {json.at("line"), json.at("column")}, {json.at("end_line"), json.at("end_column")}};
  if (const Json& at = json.at("at_ns"); !at.is_null()) f.at = Time{at.get<std::int64_t>()};
  return f;
}
Json findings_json(const std::vector<Finding>& findings) {
  Json out = Json::array();
  for (const Finding& f : findings) out.push_back(finding_json(f));
  return out;
}
std::vector<Finding> findings_from(const Json& json) {
  std::vector<Finding> findings;
  for (const Json& f : json) findings.push_back(finding_from(f));
  return findings;
}

Json load_json(const LoadReport& l) {
  Json readings = Json::array();
  for (const Reading& r : l.readings)
    readings.push_back({{"at", r.at.ns}, {"ok", r.ok}, {"values", row_json(r.values)}});
  return {{"engine", l.engine},
          {"letter", std::string(1, l.letter)},
          {"wanted_rows", l.wanted_rows},
          {"rows", l.rows},
          {"duplicated", l.duplicated},
          {"lost", l.lost},
          {"changed", l.changed},
          {"acknowledged", l.acknowledged},
          {"acknowledged_lost", l.acknowledged_lost},
          {"partial_seen", l.partial_seen},
          {"others_touched", l.others_touched},
          {"integrity", l.integrity},
          {"attempts", l.attempts},
          {"runs_ok", l.runs_ok},
          {"runs_failed", l.runs_failed},
          {"last_error", l.last_error},
          {"columns", l.columns},
          {"duplicated_samples", rows_json(l.duplicated_samples)},
          {"lost_samples", rows_json(l.lost_samples)},
          {"changed_samples", rows_json(l.changed_samples)},
          {"series", l.series},
          {"readings", readings},
          {"before_fault", moment_json(l.before_fault)},
          {"after_fault", moment_json(l.after_fault)},
          {"finally", moment_json(l.finally)}};
}

LoadReport load_from(const Json& j) {
  LoadReport l;
  l.engine = j.at("engine"), l.letter = j.at("letter").get<std::string>()[0];
  l.wanted_rows = j.at("wanted_rows"), l.rows = j.at("rows"), l.duplicated = j.at("duplicated"), l.lost = j.at("lost"),
  l.changed = j.at("changed");
  l.acknowledged = j.at("acknowledged"), l.acknowledged_lost = j.at("acknowledged_lost"),
  l.partial_seen = j.at("partial_seen");
  l.others_touched = j.at("others_touched"), l.integrity = j.at("integrity");
  l.attempts = j.at("attempts"), l.runs_ok = j.at("runs_ok"), l.runs_failed = j.at("runs_failed"),
  l.last_error = j.at("last_error");
  l.columns = j.at("columns").get<std::vector<std::string>>(),
  l.series = j.at("series").get<std::vector<std::string>>();
  l.duplicated_samples = rows_from(j.at("duplicated_samples")), l.lost_samples = rows_from(j.at("lost_samples"));
  l.changed_samples = rows_from(j.at("changed_samples"));
  for (const Json& r : j.at("readings")) l.readings.push_back({Time{r.at("at")}, r.at("ok"), row_from(r.at("values"))});
  l.before_fault = moment_from(j.at("before_fault")), l.after_fault = moment_from(j.at("after_fault")),
  l.finally = moment_from(j.at("finally"));
  return l;
}

Json latencies_json(const ClientsReport::Latencies& l) {
  return {{"count", l.count},   {"p50_ns", l.p50.ns},   {"p95_ns", l.p95.ns},
          {"p99_ns", l.p99.ns}, {"p999_ns", l.p999.ns}, {"longest_ns", l.longest.ns}};
}
ClientsReport::Latencies latencies_from(const Json& j) {
  const auto time = [&](const char* name) { return Duration{j.at(name).get<std::int64_t>()}; };
  return {j.at("count"), time("p50_ns"), time("p95_ns"), time("p99_ns"), time("p999_ns"), time("longest_ns")};
}

Json clients_json(const ClientsReport& c) {
  Json spectrum = Json::array();
  for (const check::SpectrumRow& row : c.spectrum)
    spectrum.push_back({{"model", name_of(row.model)},
                        {"held", name_of(row.held)},
                        {"witness", row.witness},
                        {"operation", row.operation ? Json(*row.operation) : Json(nullptr)}});
  return {{"ok", c.ok},
          {"failed", c.failed},
          {"unknown", c.unknown},
          {"open", c.open},
          {"reads", latencies_json(c.reads)},
          {"writes", latencies_json(c.writes)},
          {"stale_versions", c.stale_versions},
          {"stale_time_ns", c.stale_time.ns},
          {"spectrum", spectrum}};
}

ClientsReport clients_from(const Json& j) {
  ClientsReport c;
  c.ok = j.at("ok"), c.failed = j.at("failed"), c.unknown = j.at("unknown"), c.open = j.at("open");
  c.reads = latencies_from(j.at("reads")), c.writes = latencies_from(j.at("writes"));
  c.stale_versions = j.at("stale_versions"), c.stale_time = Duration{j.at("stale_time_ns").get<std::int64_t>()};
  for (const Json& row : j.at("spectrum")) {
    check::SpectrumRow read;
    for (const check::Model model : check::kModels)
      if (name_of(model) == row.at("model").get<std::string>()) read.model = model;
    for (const auto held : {check::Judgement::kHeld, check::Judgement::kViolated, check::Judgement::kUnknown})
      if (name_of(held) == row.at("held").get<std::string>()) read.held = held;
    read.witness = row.at("witness");
    if (const Json& operation = row.at("operation"); !operation.is_null())
      read.operation = operation.get<std::size_t>();
    c.spectrum.push_back(std::move(read));
  }
  return c;
}

Json tree_of(const RunReport& r) {
  Json j = {{"variant", r.variant},      {"seed", r.seed},     {"hash", fmt::format("{:016x}", r.hash)},
            {"held", name_of(r.held())}, {"events", r.events}, {"end", r.end.ns},
            {"ended", r.ended},          {"error", r.error}};
  if (!r.limit.empty()) j["limit"] = r.limit;
  j["steps"] = Json::array();
  for (const StepReport& s : r.steps)
    j["steps"].push_back({{"text", s.text},
                          {"fired", s.fired},
                          {"effective", s.effective},
                          {"drawn", s.drawn},
                          {"at", s.at ? Json(s.at->ns) : Json(nullptr)}});
  j["findings"] = findings_json(r.findings);
  j["sometimes"] = findings_json(r.sometimes);
  j["metrics"] = Json::object();
  for (const auto& [name, value] : r.metrics) j["metrics"][name] = value;
  j["load"] = r.load ? load_json(*r.load) : Json(nullptr);
  if (r.clients) j["clients"] = clients_json(*r.clients);
  j["narration"] = Json::array();
  for (const Narrated& n : r.narration)
    j["narration"].push_back({{"at", n.at.ns}, {"event", n.event}, {"text", n.text}});
  j["block_hashes"] = r.block_hashes;
  return j;
}

RunReport report_from(const Json& j) {
  RunReport r;
  r.variant = j.at("variant"), r.seed = j.at("seed"), r.events = j.at("events"), r.end = Time{j.at("end")},
  r.ended = j.at("ended"), r.error = j.at("error");
  r.hash = std::stoull(j.at("hash").get<std::string>(), nullptr, 16);
  r.limit = j.value("limit", std::string());
  for (const Json& s : j.at("steps")) {
    r.steps.push_back({s.at("text"), s.at("fired"), s.at("effective"), {}});
    if (!s.at("at").is_null()) r.steps.back().at = Time{s.at("at")};
    r.steps.back().drawn = s.at("drawn");
  }
  r.findings = findings_from(j.at("findings"));
  r.sometimes = findings_from(j.at("sometimes"));
  for (const auto& [name, value] : j.at("metrics").items()) r.metrics.emplace_back(name, value.get<std::int64_t>());
  if (!j.at("load").is_null()) r.load = load_from(j.at("load"));
  if (const auto clients = j.find("clients"); clients != j.end()) r.clients = clients_from(*clients);
  for (const Json& n : j.at("narration")) r.narration.push_back({Time{n.at("at")}, n.at("event"), n.at("text")});
  r.block_hashes = j.at("block_hashes").get<std::vector<std::uint64_t>>();
  return r;
}

}  // namespace

// A user's text may hold any bytes; JSON holds UTF-8.
std::string to_json(const RunReport& report) {
  return tree_of(report).dump(-1, ' ', false, Json::error_handler_t::replace);
}

RunReport run_report_from_json(const std::string& text) { return report_from(Json::parse(text)); }

std::string to_bytes(const RunReport& report) {
  std::string bytes;
  Json::to_cbor(tree_of(report), bytes);
  return bytes;
}

RunReport run_report_from_bytes(const std::string& bytes) { return report_from(Json::from_cbor(bytes)); }

}  // namespace twice::lab
