#pragma once
#include <cstdint>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// A shop's orders of June, in the order of their days: numbers that grow, words that repeat, a price, a discount that
/// most rows lack, and a free text. A function of the seed alone.
const Schema& sample_schema();
SqlTable sample_orders(std::uint64_t rows, std::uint64_t seed);

}  // namespace twice::pipeline::formats
