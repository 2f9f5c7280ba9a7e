#pragma once
// Small changes of one lane that should show: a fault away, a switch of the design the other way, a harsher network.
// What can be changed comes from the table of fields (scenario/catalogue.h), never from a list of its own.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/shrink_candidate.h"
#include "scenario/catalogue.h"
#include "scenario/spec.h"

namespace twice::lab {

struct Mutation {
  /// In the order they are tried: what a person would try first.
  enum class Kind : std::uint8_t {
    kWithout,  // a step, all steps, [chaos], chance in the network
    kBounds,   // every bound moved to half or twice
    kDesign,   // a switch or word of the design, one SQL statement less
    kWhen,     // steps earlier and later
    kFault,    // one fault more
    kMistake,  // one of the protocol's known mistakes built in
    kNumber,   // a number of the design or of the clients
    kProtocol,
  };
  Kind kind = Kind::kWithout;
  std::string words;                     // "without step 2", "cluster.quorum.sloppy = true"
  std::optional<std::size_t> step = {};  // the one that is away
  std::function<void(Candidate&)> change;
  bool strong = false;  // a fault that brings mistakes of the design to light

  /// The faults of the file itself, fewer or at other moments: lanes are compared under these. Under a fault that is
  /// no part of the file chance alone would tell them apart.
  bool is_surrounding() const { return kind == Kind::kWithout || kind == Kind::kWhen; }
};

/// All changes of a lane. `events` of a run of it say where in a run faults can be put.
std::vector<Mutation> mutations_of(const Candidate& lane, const scenario::Variant& variant, std::uint64_t events,
                                   const scenario::FieldInfo& fields);

/// Every bound of the variant's expectations moved to where it is harder to keep: at most half, at least twice.
void move_bounds(scenario::Variant& variant);

}  // namespace twice::lab
