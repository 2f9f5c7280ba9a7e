#pragma once
// Numbers shared by the files of this folder.
#include <cstddef>
#include <cstdint>

namespace twice::protocols::chain_internal {

enum : std::uint8_t { kHeartbeatDue, kResendDue };  // timers

// Keys of the record disk.
constexpr std::uint64_t kCheckpoint = 1, kSeal = 2, kConfiguration = 3;
constexpr std::uint64_t kLog = std::uint64_t{3} << 40;  // + sequence

constexpr std::uint64_t kCheckpointEvery = 64;  // updates
constexpr std::size_t kKept = 128;              // updates that can be sent again though all have them
constexpr std::size_t kTrimAtOnce = 32;
constexpr std::size_t kWindow = 64;  // updates sent again at once
constexpr std::uint64_t kNear = 8;   // the tail hands over when the joiner lacks no more than these

}  // namespace twice::protocols::chain_internal
