#pragma once
#include "pipeline/warehouse/engine.h"

namespace twice::pipeline {

/// Of one of SQLite's (extended) result codes.
SqlStatus status_of(int sqlite_code);
/// Which limit of this program such a failure met; nullopt: none. `message` is SQLite's.
std::optional<SqlLimit> limit_of(int sqlite_code, std::string_view message);

}  // namespace twice::pipeline
