#include "lab/trace_file.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "core/visit.h"

namespace twice::lab {
namespace {

// 20 bytes that no text file begins with by chance; the version of the format is part of them.
constexpr std::string_view kMagic = "twice trace, form 1\n";
constexpr std::size_t kSeal = 8;  // digest of all bytes before it

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out_ += static_cast<char>(n | 0x80);
    out_ += static_cast<char>(n);
  }
  void fixed(std::uint64_t n) {
    for (int i = 0; i < 8; ++i) out_ += static_cast<char>(n >> (8 * i));
  }
  void text(std::string_view s) { number(s.size()), out_ += s; }
  void texts(const std::vector<std::string>& list) {
    number(list.size());
    for (const std::string& s : list) text(s);
  }

 private:
  std::string& out_;
};

// After the first thing that is not there, everything reads as nothing and `ok` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }

  std::uint64_t number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) return fail();
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      n |= static_cast<std::uint64_t>(byte & 0x7fu) << shift;
      if (byte < 0x80) return n;
    }
    return fail();
  }
  std::uint64_t fixed() {
    if (bytes_.size() - at_ < 8) return fail();
    std::uint64_t n = 0;
    for (unsigned i = 0; i < 8; ++i)
      n |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << (8 * i);
    return n;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (!ok_ || size > bytes_.size() - at_) return fail(), std::string();
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }
  std::vector<std::string> texts() {
    std::vector<std::string> list;
    for (std::uint64_t n = number(); ok_ && n > 0; --n) list.push_back(text());
    return list;
  }

 private:
  std::uint64_t fail() {
    ok_ = false;
    at_ = bytes_.size();
    return 0;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

void write_record(Writer& out, const TraceRecord& r, Time& last) {
  out.number(static_cast<std::uint64_t>(r.kind));
  out.number(static_cast<std::uint64_t>((r.at - last).ns));  // virtual time never goes back
  out.number(r.sequence);
  out.number(r.cause);
  out.number(r.node.index);
  out.number(r.peer.index);
  out.number(r.label);
  out.number(r.value);
  out.number(r.scope);
  last = r.at;
}

TraceRecord read_record(Reader& in, Time& last) {
  TraceRecord r;
  r.kind = static_cast<RecordKind>(in.number());
  // Without sign, so that a forged file wraps round and differs instead of overflowing.
  r.at = last = Time{static_cast<std::int64_t>(static_cast<std::uint64_t>(last.ns) + in.number())};
  r.sequence = in.number();
  r.cause = in.number();
  r.node = {static_cast<std::uint16_t>(in.number())};
  r.peer = {static_cast<std::uint16_t>(in.number())};
  r.label = static_cast<std::uint32_t>(in.number());
  r.value = in.number();
  r.scope = static_cast<std::uint32_t>(in.number());
  return r;
}

std::string words_of(const TraceRecord& r, const std::vector<std::string>& labels) {
  const std::string label = r.label < labels.size() ? labels[r.label] : std::string();
  return fmt::format("event {} at {}: {} {} on node {} (value {}, because of event {})", r.sequence,
                     to_string(Duration{r.at.ns}), name_of(r.kind), label, r.node.index, r.value, r.cause);
}

bool same(const TraceRecord& a, const TraceRecord& b) {
  return a.kind == b.kind && a.at == b.at && a.sequence == b.sequence && a.cause == b.cause && a.node == b.node &&
         a.peer == b.peer && a.value == b.value && a.scope == b.scope;
}

void write_blocks(Writer& out, const std::vector<std::uint64_t>& hashes) {
  out.number(hashes.size());
  for (const std::uint64_t hash : hashes) out.fixed(hash);
}

std::vector<std::uint64_t> read_blocks(Reader& in) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t n = in.number(); in.ok() && n > 0; --n) hashes.push_back(in.fixed());
  return hashes;
}

TraceFile read_body(Reader& in) {
  TraceFile t;
  t.twice_version = in.text(), t.engine_version = in.text();
  t.scenario_path = in.text(), t.scenario_text = in.text();
  for (std::uint64_t n = in.number(); in.ok() && n > 0; --n) {
    std::string path = in.text();
    t.files.emplace_back(std::move(path), in.text());
  }
  t.set = in.texts();
  t.variant = in.text();
  t.seed = in.number();
  t.timeline = in.number() != 0;
  t.runs = static_cast<std::uint32_t>(in.number());
  t.steps = in.text();
  t.events = in.number();
  t.hash = in.fixed();
  t.block_hashes = read_blocks(in);
  t.labels = in.texts();
  t.records = in.text();
  return t;
}

// Only payloads differ: the block hashes tell where, to a few thousand events.
Sequence first_of_block(const TraceFile& recorded, const Trace& now) {
  std::size_t block = 0;
  while (block < recorded.block_hashes.size() && block < now.block_hashes().size() &&
         recorded.block_hashes[block] == now.block_hashes()[block])
    ++block;
  return block * Trace::kHashEvery + 1;
}

}  // namespace

void record_run(TraceFile& file, const Trace& trace) {
  file.events = trace.events();
  file.hash = trace.hash();
  file.block_hashes = trace.block_hashes();
  file.labels = trace.labels();
  file.records.clear();
  Writer out(file.records);
  Time last{};
  trace.for_each([&](const TraceRecord& r) { return write_record(out, r, last), true; });
}

std::string encode(const TraceFile& t) {
  std::string bytes(kMagic);
  Writer out(bytes);
  out.text(t.twice_version), out.text(t.engine_version);
  out.text(t.scenario_path), out.text(t.scenario_text);
  out.number(t.files.size());
  for (const auto& [path, text] : t.files) out.text(path), out.text(text);
  out.texts(t.set);
  out.text(t.variant);
  out.number(t.seed);
  out.number(t.timeline);
  out.number(t.runs);
  out.text(t.steps);
  out.number(t.events);
  out.fixed(t.hash);
  write_blocks(out, t.block_hashes);
  out.texts(t.labels);
  out.text(t.records);
  out.fixed(hash_text(bytes));
  return bytes;
}

std::variant<TraceFile, std::string> decode_trace(const std::string& bytes) {
  const std::string_view all = bytes;
  if (all.substr(0, kMagic.size()) != kMagic) {
    const bool other = all.substr(0, 18) == kMagic.substr(0, 18);
    return std::string(other ? "the trace has another form than this program reads" : "this is no trace file");
  }
  if (all.size() < kMagic.size() + kSeal) return std::string("the file is cut off");
  const std::string_view body = all.substr(0, all.size() - kSeal);
  Reader seal(all.substr(body.size()));
  if (seal.fixed() != hash_text(body)) return std::string("the file was cut off or altered: its seal does not match");
  Reader in(body.substr(kMagic.size()));
  TraceFile t = read_body(in);
  if (!in.ok() || !in.at_end()) return std::string("the file was written wrongly: its parts do not fit");
  return t;
}

std::optional<TraceDifference> first_difference(const TraceFile& recorded, const Trace& now) {
  if (recorded.hash == now.hash() && recorded.events == now.events()) return std::nullopt;
  Reader in(recorded.records);
  Time last{};
  std::optional<TraceDifference> found;
  now.for_each([&](const TraceRecord& r) {
    if (in.at_end()) {
      found = {r.sequence, "the run is over", words_of(r, now.labels())};
      return false;
    }
    const TraceRecord was = read_record(in, last);
    if (!same(was, r))
      found = {std::min(was.sequence, r.sequence), words_of(was, recorded.labels), words_of(r, now.labels())};
    return !found;
  });
  if (found) return found;
  if (!in.at_end()) {
    const TraceRecord was = read_record(in, last);
    return TraceDifference{was.sequence, words_of(was, recorded.labels), "the run is over"};
  }
  const std::string words = "the same events, with other contents";
  return TraceDifference{first_of_block(recorded, now), words, words};
}

}  // namespace twice::lab
