#pragma once
// What a file may choose about writers and their store.
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace twice::pipeline::store {

enum class Names : std::uint8_t {
  kDeterministic,  // a part's name follows from its slice and number
  kFresh,          // new with every try
};
std::string_view name_of(Names names);

/// What a reader takes for the table.
enum class Publish : std::uint8_t {
  kListing,    // every file that a listing shows
  kOverwrite,  // the files that a pointer names; a writer reads the pointer and writes its own over it
  kSwap,       // … only if it is still the one it has read: compare-and-swap
};
std::string_view name_of(Publish publish);

enum class Mode : std::uint8_t {
  kAdd,      // the load's files come to what is there
  kReplace,  // they take the place of all files of their slice
};
std::string_view name_of(Mode mode);

struct Parameters {
  std::uint32_t loads = 1;  // of each writer, one slice each
  std::uint32_t rows = 120, parts = 4;
  std::uint32_t parts_on_retry = 0;  // 0: as many
  bool same_slices = false;          // all writers load the same slices
  Names names = Names::kDeterministic;
  Publish publish = Publish::kListing;
  Mode mode = Mode::kAdd;
  bool recognise = false;  // who does not know whether its load is in the table looks for it there
  Duration between = milliseconds(100);
  Duration timeout = milliseconds(200);  // without an answer, ask again
};

}  // namespace twice::pipeline::store
