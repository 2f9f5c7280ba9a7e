#pragma once
// The rows a scenario's source and expectations name: files, queries and generated rows, each read once.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/block.h"
#include "scenario/load.h"
#include "scenario/spec.h"

namespace twice::scenario {

/// Reads what a file names and keeps it for the other variants. Problems inside a data file are reported with the
/// data file's own line and column; its text then joins the sources.
class DataReader {
 public:
  DataReader(const std::string& scenario_path, const LoadOptions& options, Sources& sources, Diagnostics& out);

  using Rows = std::optional<Block<pipeline::SqlTable>>;
  Rows csv(const Spanned<std::string>& path);
  Rows json_lines(const Spanned<std::string>& path);
  Rows query(const SqlText& setup, const SqlText& sql, const SqlParameters& job);
  Rows generate(const GenerateSpec& spec);
  /// A file of SQL; its span covers the file as a source of its own.
  std::optional<SqlText> script(const Spanned<std::string>& path);

 private:
  struct File {
    std::string path;  // as opened
    std::optional<std::string> text;
  };
  const File& open(const Spanned<std::string>& path);
  Rows table(const Spanned<std::string>& path, bool is_csv);

  std::string folder_;
  const LoadOptions* options_;
  Sources* sources_;
  Diagnostics* out_;
  std::map<std::string, File> files_;
  std::map<std::string, Rows> tables_;
  std::map<std::string, Rows> queries_;
};

/// The rows a [source.generate] stands for: a function of the spec alone.
pipeline::SqlTable generate_rows(const GenerateSpec& spec);

}  // namespace twice::scenario
