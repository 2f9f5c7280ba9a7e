#pragma once

namespace twice::pipeline {

/// Gives SQLite memory that ends: what all its connections of this operating-system process hold together stays below
/// 500 MB, beyond which a statement fails instead of the machine. REQUIRES that SQLite has not been started.
void limit_sqlite_memory();

}  // namespace twice::pipeline
