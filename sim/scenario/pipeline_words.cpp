#include "scenario/pipeline_words.h"

namespace twice::scenario {

using namespace pipeline;  // NOLINT: this file speaks of nothing else

const std::vector<Word<formats::Format>>& words(formats::Format) {
  using F = formats::Format;
  static const std::vector<Word<F>> kWords{
      {F::kCsv, "csv", "text, a line a row; says nothing about types"},
      {F::kJson, "json", "text, an object a line; fields may be left out, values know a number from a text"},
      {F::kXml, "xml", "text, an element a field; every value is a text"},
      {F::kLog, "log", "a sentence a row, read again with a pattern"},
      {F::kAvro, "avro", "binary, row after row; the file carries its schema"},
      {F::kColumnar, "columnar",
       "binary, column after column with a footer; the file carries its schema, and only the columns that the loader "
       "binds are read"}};
  return kWords;
}

const std::vector<Word<formats::Check>>& words(formats::Check) {
  using C = formats::Check;
  static const std::vector<Word<C>> kWords{
      {C::kNobody, "nobody", "the file is taken as it is: schema on read, by whoever looks at the rows later"},
      {C::kReader, "reader", "the loader refuses the file before its first statement"},
      {C::kWriter, "writer", "the source refuses to write the file"}};
  return kWords;
}

const std::vector<Word<stream::Origin>>& words(stream::Origin) {
  using O = stream::Origin;
  static const std::vector<Word<O>> kWords{
      {O::kLog, "log", "something that stays: after a crash it is read again from where the producer was"},
      {O::kDualWrite, "dual-write", "orders that come once: a row in the producer's database, then a message"},
      {O::kPublishFirst, "publish-first", "orders that come once: a message, then a row in the producer's database"},
      {O::kOutbox, "outbox",
       "orders that come once: row and message in one transaction; what is not marked as sent is sent again"}};
  return kWords;
}

const std::vector<Word<stream::Acks>>& words(stream::Acks) {
  using A = stream::Acks;
  static const std::vector<Word<A>> kWords{{A::kNone, "none", "it sends once and forgets"},
                                           {A::kBus, "bus", "it sends again until the bus answers"}};
  return kWords;
}

const std::vector<Word<stream::ProducerId>>& words(stream::ProducerId) {
  using P = stream::ProducerId;
  static const std::vector<Word<P>> kWords{
      {P::kNone, "none", "a batch that comes again is appended again"},
      {P::kPerLife, "per-life", "a new id with every start: repeats are recognised until the producer restarts"},
      {P::kKept, "kept", "the same id for ever: repeats are recognised across restarts"}};
  return kWords;
}

const std::vector<Word<stream::CommitOffset>>& words(stream::CommitOffset) {
  using C = stream::CommitOffset;
  static const std::vector<Word<C>> kWords{
      {C::kBefore, "before", "before the records are written, and then they are written once: at most once"},
      {C::kAfter, "after", "after the records are written, and until then they are written again: at least once"},
      {C::kWithOutput, "with-output", "in the sink, in one transaction with the records: exactly-once effect"},
      {C::kCheckpoint, "checkpoint", "together with the consumer's state, every now and then, on its own disk"}};
  return kWords;
}

const std::vector<Word<stream::SinkWrite>>& words(stream::SinkWrite) {
  using S = stream::SinkWrite;
  static const std::vector<Word<S>> kWords{
      {S::kInsert, "insert", "every record that comes is one more row"},
      {S::kUpsert, "upsert", "a record that is there already is written over"},
      {S::kTransactional, "transactional", "held back until the checkpoint that covers it is complete"}};
  return kWords;
}

const std::vector<Word<store::Names>>& words(store::Names) {
  using N = store::Names;
  static const std::vector<Word<N>> kWords{
      {N::kDeterministic, "deterministic", "slice and number of the part: a repetition writes over what was there"},
      {N::kFresh, "fresh", "new with every try: a repetition writes beside what was there"}};
  return kWords;
}

const std::vector<Word<store::Publish>>& words(store::Publish) {
  using P = store::Publish;
  static const std::vector<Word<P>> kWords{
      {P::kListing, "listing", "every file in the store is part of the table"},
      {P::kOverwrite, "overwrite", "a pointer names the files; a writer reads it and writes its own over it"},
      {P::kSwap, "swap", "a pointer names the files; it is replaced only if it is still the one that was read"}};
  return kWords;
}

const std::vector<Word<store::Mode>>& words(store::Mode) {
  using M = store::Mode;
  static const std::vector<Word<M>> kWords{
      {M::kAdd, "add", "its files come to those that are there"},
      {M::kReplace, "replace",
       "its files take the place of its slice's others; with a listing, those are deleted before it writes"}};
  return kWords;
}

}  // namespace twice::scenario
