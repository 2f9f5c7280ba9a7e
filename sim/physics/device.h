#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/payload.h"
#include "core/time.h"
#include "physics/byte_disk.h"

namespace twice::physics {

/// When a device works, as seen from inside a run.
struct Moment {
  Time now;
  std::uint64_t seed = 0;
  CausalId id = 0;
};

/// The answer of a device: executed at once, known to its node only after `cost`.
struct Completion {
  Payload result;
  Duration cost{};
  std::uint64_t first_io = 0;  // numbers of the I/O operations this request did: first_io .. last_io
  std::uint64_t last_io = 0;   // last_io < first_io: none
};

/// What stands behind a node and survives its process: a database's engine and disk. The host asks one request at a
/// time. A copy is an independent device with the same future.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::unique_ptr<Device> clone() const = 0;
  virtual Completion perform(const Payload& request, const Moment& moment) = 0;
  /// The process behind the node died (and perhaps the power): all that was not settled is gone.
  virtual void crash(const DiskCrash& how) = 0;
  virtual void arm(const DiskFault& fault) = 0;
  virtual std::uint64_t digest() const = 0;
  virtual void describe(FieldSink& sink, std::string_view name) const = 0;
};

}  // namespace twice::physics
