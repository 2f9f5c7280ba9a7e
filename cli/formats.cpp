// The same table in every format: what it takes, what a reader must touch, what parsing costs on this machine.
#include <zstd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_format.h"
#include "pipeline/formats/columnar.h"
#include "pipeline/formats/format.h"
#include "pipeline/formats/log_lines.h"
#include "pipeline/formats/sample.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace formats = pipeline::formats;
using formats::Format;

constexpr int kRounds = 3;  // the fastest counts
constexpr int kZstdLevel = 3;

struct Figures {
  Format format = Format::kCsv;
  std::string file;
  std::uint64_t bytes_of_columns = 0;  // read for the columns asked for
  std::uint64_t compressed = 0;
  double write_ns = 0, read_ns = 0, columns_ns = 0;  // a row
};

std::string_view structure_of(Format format) {
  switch (format) {
    case Format::kCsv:
      return "structured, text";
    case Format::kJson:
    case Format::kXml:
      return "semi-structured, text";
    case Format::kLog:
      return "unstructured, text";
    case Format::kAvro:
      return "structured, binary, rows";
    case Format::kColumnar:
      return "structured, binary, columns";
  }
  return {};
}

/// Nanoseconds of processor time a row, of the fastest of a few rounds: whatever else the machine does.
template <class Work>
double fastest(std::uint64_t rows, Work&& work) {
  std::clock_t best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::clock_t begin = std::clock();
    work();
    const std::clock_t took = std::clock() - begin;
    best = round == 0 ? took : std::min(best, took);
  }
  return static_cast<double>(best) * (1e9 / CLOCKS_PER_SEC) / static_cast<double>(rows);
}

/// What every parser of text must do at least: look at each byte of the CSV file once.
double reference_loop(std::string_view csv, std::uint64_t rows) {
  volatile std::uint64_t found = 0;
  return fastest(rows, [&] {
    std::uint64_t fields = 0;
    for (const char c : csv) fields += c == ',' || c == '\n';
    found = fields;
  });
}

std::uint64_t compressed_size(const std::string& file) {
  std::string out(ZSTD_compressBound(file.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), file.data(), file.size(), kZstdLevel);
  return ZSTD_isError(size) ? 0 : size;
}

// A file that was just written is read back; if it could not be, that would be our own mistake.
std::uint64_t bytes_read(Format format, const std::string& file, const formats::Reading& how) {
  const auto read = formats::read(format, file, how);
  if (const auto* error = std::get_if<formats::FormatError>(&read)) throw std::runtime_error(to_text(*error));
  return std::get<formats::ReadFile>(read).bytes_read;
}

Figures measure(Format format, const pipeline::SqlTable& table, const std::vector<std::string>& columns) {
  const formats::Schema& schema = formats::sample_schema();
  const std::string pattern = formats::default_pattern(table.columns);
  Figures figures{format, {}, 0, 0, 0, 0, 0};
  figures.write_ns = fastest(table.rows.size(), [&] {
    auto written = formats::write(format, table, &schema);
    if (const auto* error = std::get_if<formats::FormatError>(&written)) throw std::runtime_error(to_text(*error));
    figures.file = std::get<std::string>(std::move(written));
  });
  figures.read_ns = fastest(table.rows.size(), [&] { bytes_read(format, figures.file, {&schema, nullptr, pattern}); });
  figures.columns_ns = fastest(table.rows.size(), [&] {
    figures.bytes_of_columns = bytes_read(format, figures.file, {&schema, &columns, pattern});
  });
  figures.compressed = compressed_size(figures.file);
  return figures;
}

/// One day of thirty, by the least and greatest value of each group.
formats::ColumnarRows one_day(const std::string& file, const std::vector<std::string>& columns) {
  auto read = formats::read_columnar(
      file, {&columns, formats::Range{"order_date", std::string("2026-06-15"), std::string("2026-06-15")}});
  if (const auto* error = std::get_if<formats::FormatError>(&read)) throw std::runtime_error(to_text(*error));
  return std::get<formats::ColumnarRows>(std::move(read));
}

struct Report {
  std::uint64_t rows = 0;
  std::vector<std::string> columns;
  double reference_ns = 0;
  std::vector<Figures> all;
  formats::ColumnarRows day;
};

std::string report_json(const Report& report) {
  nlohmann::ordered_json json{
      {"rows", report.rows}, {"columns", report.columns}, {"reference_ns", report.reference_ns}};
  for (const Figures& f : report.all)
    json["formats"].push_back({{"format", name_of(f.format)},
                               {"structure", structure_of(f.format)},
                               {"bytes", f.file.size()},
                               {"bytes_of_columns", f.bytes_of_columns},
                               {"zstd", f.compressed},
                               {"write_ns", f.write_ns},
                               {"read_ns", f.read_ns},
                               {"columns_ns", f.columns_ns}});
  json["one_day"] = {{"rows", report.day.table.rows.size()},
                     {"bytes_read", report.day.bytes_read},
                     {"groups", report.day.groups},
                     {"groups_skipped", report.day.groups_skipped}};
  return json.dump(2) + "\n";
}

std::string report_text(const Report& report) {
  const auto per_row = [&](std::uint64_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(report.rows, 1));
  };
  const double csv = static_cast<double>(report.all.front().file.size());
  std::string out =
      fmt::format("{} orders of {} columns; \"read\" is the bytes that a reader of {} looks at.\n\n",
                  lab::grouped(report.rows), formats::sample_schema().size(), fmt::join(report.columns, ", "));
  out += fmt::format("{:<9} {:<28} {:>11} {:>7} {:>6} {:>11} {:>10} {:>9} {:>9} {:>8} {:>9}\n", "format", "", "bytes",
                     "a row", "x CSV", "read", "zstd", "write", "parse", "x loop", "columns");
  for (const Figures& f : report.all)
    out += fmt::format(
        "{:<9} {:<28} {:>11} {:>7.1f} {:>6.2f} {:>11} {:>10} {:>6.0f} ns {:>6.0f} ns {:>8.1f} {:>6.0f} ns\n",
        name_of(f.format), structure_of(f.format), lab::grouped(f.file.size()), per_row(f.file.size()),
        static_cast<double>(f.file.size()) / csv, lab::grouped(f.bytes_of_columns), lab::grouped(f.compressed),
        f.write_ns, f.read_ns, f.read_ns / report.reference_ns, f.columns_ns);
  out += fmt::format(
      "\nTimes are processor time a row, the fastest of {} rounds here; the loop looks at each byte of the CSV file "
      "once, "
      "{:.1f} ns a row.\nOne day of thirty: the columnar reader opens {} of {} groups and reads {} bytes for {} "
      "rows.\n",
      kRounds, report.reference_ns, report.day.groups - report.day.groups_skipped, report.day.groups,
      lab::grouped(report.day.bytes_read), lab::grouped(report.day.table.rows.size()));
  return out;
}

std::optional<std::string> write_all(const Report& report, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fmt::format("{}: {}", folder, failed.message());
  std::vector<OutputFile> files;
  for (const Figures& f : report.all)
    files.push_back({(std::filesystem::path(folder) / fmt::format("orders.{}", ending_of(f.format))).string(), f.file});
  return write_files(files, false);
}

}  // namespace

Exit execute(const FormatsArguments& arguments) {
  Report report{arguments.rows, arguments.columns, 0, {}, {}};
  std::vector<std::string> known;
  for (const formats::Column& column : formats::sample_schema()) known.push_back(column.name);
  for (const std::string& name : report.columns)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return refuse(Exit::kUsage,
                    fmt::format("there is no column '{}'; {}", scenario::printable(name),
                                scenario::did_you_mean(name, known, fmt::format("{}", fmt::join(known, ", ")))))
          .code;
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  std::optional<Watch> watch(std::in_place, "formats", std::get<0>(limit), false);
  const pipeline::SqlTable table = formats::sample_orders(arguments.rows, arguments.seed);
  for (const Format format : formats::kFormats) {
    report.all.push_back(measure(format, table, report.columns));
    // Figures of some formats compare nothing.
    if (const lab::StoppedBy by = watch->stopped_by(); by != lab::StoppedBy::kNothing)
      return refuse(stop_code(by), fmt::format("stopped ({}) after {}", name_of(by), name_of(format))).code;
  }
  report.reference_ns = reference_loop(report.all.front().file, arguments.rows);
  report.day = one_day(report.all.back().file, report.columns);
  watch.reset();
  if (!arguments.folder.empty())
    if (const auto problem = write_all(report, arguments.folder))
      return refuse(Exit::kUsage, scenario::printable(*problem)).code;
  print(arguments.outputs.json ? report_json(report) : report_text(report));
  return Exit::kMet;
}

}  // namespace twice::cli
