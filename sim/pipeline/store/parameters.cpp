#include "pipeline/store/parameters.h"

namespace twice::pipeline::store {

std::string_view name_of(Names names) {
  switch (names) {
    case Names::kDeterministic:
      return "deterministic";
    case Names::kFresh:
      return "fresh";
  }
  return {};
}

std::string_view name_of(Publish publish) {
  switch (publish) {
    case Publish::kListing:
      return "listing";
    case Publish::kOverwrite:
      return "overwrite";
    case Publish::kSwap:
      return "swap";
  }
  return {};
}

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::kAdd:
      return "add";
    case Mode::kReplace:
      return "replace";
  }
  return {};
}

}  // namespace twice::pipeline::store
