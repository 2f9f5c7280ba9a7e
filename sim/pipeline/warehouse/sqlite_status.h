#pragma once
#include "pipeline/warehouse/engine.h"

namespace twice::pipeline {

/// Of one of SQLite's (extended) result codes.
SqlStatus status_of(int sqlite_code);

}  // namespace twice::pipeline
