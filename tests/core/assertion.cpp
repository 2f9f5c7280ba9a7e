#include "core/assert.h"

#include "support/catch.h"

namespace twice {

TEST_CASE("An internal error names what is wrong, where, the seed and the event") {
  run_context() = {42, 1234};
  try {
    TWICE_ASSERT(1 + 1 == 3, "arithmetic is broken");
    FAIL("nothing was thrown");
  } catch (const InternalError& error) {
    const std::string text = error.what();
    INFO(text);
    CHECK(text.find("arithmetic is broken") != std::string::npos);
    CHECK(text.find("1 + 1 == 3") != std::string::npos);
    CHECK(text.find("assertion.cpp") != std::string::npos);
    CHECK(text.find("seed 42, event 1234") != std::string::npos);
  }
  run_context() = {};
}

TEST_CASE("A condition that holds costs no message") {
  bool built = false;
  const auto message = [&] { return built = true, std::string("unused"); };
  TWICE_ASSERT(true, message());
  CHECK_FALSE(built);
}

}  // namespace twice
