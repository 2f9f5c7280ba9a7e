#pragma once
// Words of the pipeline's models: formats of data, streams and object stores.
#include "pipeline/formats/format.h"
#include "pipeline/store/parameters.h"
#include "pipeline/stream/parameters.h"
#include "scenario/words.h"

namespace twice::scenario {

const std::vector<Word<pipeline::formats::Format>>& words(pipeline::formats::Format);
const std::vector<Word<pipeline::formats::Check>>& words(pipeline::formats::Check);
const std::vector<Word<pipeline::stream::Origin>>& words(pipeline::stream::Origin);
const std::vector<Word<pipeline::stream::Acks>>& words(pipeline::stream::Acks);
const std::vector<Word<pipeline::stream::ProducerId>>& words(pipeline::stream::ProducerId);
const std::vector<Word<pipeline::stream::CommitOffset>>& words(pipeline::stream::CommitOffset);
const std::vector<Word<pipeline::stream::SinkWrite>>& words(pipeline::stream::SinkWrite);
const std::vector<Word<pipeline::store::Names>>& words(pipeline::store::Names);
const std::vector<Word<pipeline::store::Publish>>& words(pipeline::store::Publish);
const std::vector<Word<pipeline::store::Mode>>& words(pipeline::store::Mode);

}  // namespace twice::scenario
