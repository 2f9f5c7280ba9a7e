#pragma once
// Catch2 v2 and v3 differ in their header only, as far as these tests go.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
