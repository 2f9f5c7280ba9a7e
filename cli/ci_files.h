#pragma once
// What a command leaves for build servers: JUnit, a Markdown summary, annotations. It is written however the command
// ends, with what is known by then.
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "lab/report_cases.h"

namespace twice::cli {

class CiFiles {
 public:
  explicit CiFiles(const Outputs& outputs) : outputs_(outputs) {}

  /// `commands`: the suite's annotations, where they say more than its cases.
  void add(lab::Suite suite, const std::string& summary, const std::string& commands = {});
  void add(const lab::Trouble& trouble);

  /// The files that are wanted.
  std::vector<OutputFile> files() const;
  /// Writes annotations to the standard error where they are wanted.
  void annotate() const;

 private:
  const Outputs& outputs_;
  std::vector<lab::Suite> suites_, annotated_;
  std::string summary_, commands_;
};

/// What was said when something was refused, as trouble with the file at `path`.
lab::Trouble trouble_of(const Refused& refused, const std::string& path);

}  // namespace twice::cli
