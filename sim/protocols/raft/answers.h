#pragma once
// What a server answers an operator, where others have to know the words again.
#include <string_view>

namespace twice::protocols::raft {

/// The rule that one change of the members waits for the one before it, and for a commit of the leader's own term.
inline constexpr std::string_view kChangeMustWait =
    "another change of the configuration is under way, or nothing of this term is committed yet";

}  // namespace twice::protocols::raft
