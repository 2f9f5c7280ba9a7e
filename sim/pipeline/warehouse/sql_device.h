#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "physics/device.h"
#include "pipeline/warehouse/engine.h"

namespace twice::pipeline {

/// A moment at which what readers see changed.
struct Commit {
  SessionId session;
  std::uint32_t number = 0;  // statement of that session
  std::uint64_t io = 0;      // operations done by then
  Time at;
  std::vector<Visible> visible;
};

/// The SQL engine as the warehouse node's device. Keeps the list of commits: the only moments at which a reader can
/// see something new.
class SqlDevice final : public physics::Device {
 public:
  /// `engine` is set up: its tables exist. I/O operations of the run are numbered from here, from 1.
  explicit SqlDevice(std::unique_ptr<Engine> engine) : engine_(std::move(engine)), base_io_(engine_->io_count()) {}

  std::unique_ptr<Device> clone() const override { return std::make_unique<SqlDevice>(*this); }
  physics::Completion perform(const Payload& request, const physics::Moment& moment) override;
  void crash(const physics::DiskCrash& how) override;
  void arm(const physics::DiskFault& fault) override;
  std::uint64_t digest() const override;
  void describe(FieldSink& sink, std::string_view name) const override;

  const Engine& engine() const { return *engine_; }
  /// I/O operations of the run so far.
  std::uint64_t io_count() const { return engine_->io_count() - base_io_; }
  /// By all statements so far, also those that a rollback or a crash took back.
  std::int64_t rows_written() const { return rows_written_; }
  const std::vector<Commit>& commits() const { return commits_; }

 private:
  Cloned<Engine> engine_;
  std::uint64_t base_io_ = 0;
  std::int64_t rows_written_ = 0;
  bool ran_statement_ = false;  // the last request; one that ends a session does no I/O that a crash could cut
  std::vector<SessionId> open_;
  std::vector<Commit> commits_;
};

}  // namespace twice::pipeline
