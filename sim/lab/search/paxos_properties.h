#pragma once
#include <vector>

#include "lab/search/model.h"

namespace twice::lab::search {

/// Of both kinds of Paxos: no two servers have learned different values; some server has learned one.
std::vector<Property> paxos_properties();

}  // namespace twice::lab::search
