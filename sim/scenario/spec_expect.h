#pragma once
// What must be true of a run. One form everywhere: [expect] holds for all lanes, a lane's own `expect` adds to it.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenario/field.h"
#include "scenario/words.h"

namespace twice::scenario {

/// An expectation of the file's own: a query whose first cell compares, or whose rows are these (a multiset).
struct DefineSpec {
  SqlText sql;
  std::optional<Comparison> is;
  std::optional<std::vector<pipeline::SqlRow>> rows;
  std::optional<Spanned<std::string>> csv;
  pipeline::SqlTable wanted;  // of `rows` or `csv`, read at load time; its columns are empty for `rows`
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "sql", .doc = "A query over the warehouse; {table} stands for the lane's table.", .required = true},
      self.sql);
    v(Field{.name = "is",
            .doc = "Compares the first cell of the first row: \"== 10\", \">= 500\", \"!= NULL\".",
            .one_of = "wanted",
            .example = "\"== 10\""},
      self.is);
    v(Field{.name = "rows",
            .doc = "The rows the query must give, in any order.",
            .one_of = "wanted",
            .example = "[[\"2026-06-23\", 1000]]"},
      self.rows);
    v(Field{.name = "csv", .doc = "The rows the query must give, in any order, from a CSV file.", .one_of = "wanted"},
      self.csv);
  }
};

/// A bound on a measured figure ("ops.ok", "suspicions.false", "attempts").
struct MetricSpec {
  Spanned<std::string> of;
  Comparison is;
  std::optional<Spanned<TimeWindow>> during;
  std::optional<Spanned<std::string>> lane;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "of", .doc = "The metric's name.", .required = true}, self.of);
    v(Field{.name = "is", .doc = "The bound: \"<= 2s\", \">= 500\".", .required = true, .example = "\"<= 2s\""},
      self.is);
    v(Field{.name = "during", .doc = "Only what happens in this window of virtual time.", .example = "\"3s..5s\""},
      self.during);
    v(Field{.name = "lane", .doc = "Only in this lane."}, self.lane);
  }
};

/// What one column of the dashboard must show.
struct ColumnExpect {
  std::optional<Comparison> before_crash, after_crash, finally, always;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "before-crash", .doc = "What the query gives just before the first crash."}, self.before_crash);
    v(Field{.name = "after-crash",
            .doc = "What the query gives right after the first crash, once the warehouse answers."},
      self.after_crash);
    v(Field{.name = "finally", .doc = "What the query gives at the end of the run."}, self.finally);
    v(Field{.name = "always", .doc = "What every answer satisfies."}, self.always);
  }
};

struct ExpectSpec {
  std::vector<Spanned<std::string>> always, finally, sometimes, eventually;
  std::vector<MetricSpec> metrics;
  std::map<std::string, DefineSpec> define;
  std::map<std::string, ColumnExpect> columns;  // every other key of the table

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "always", .doc = "Names that must hold at every moment."}, self.always);
    v(Field{.name = "finally", .doc = "Names that must hold at the end of the run."}, self.finally);
    v(Field{.name = "sometimes",
            .doc = "Names that must hold at some moment of some seed: fails if never seen over the batch."},
      self.sometimes);
    v(Field{.name = "eventually", .doc = "Names that must hold from some moment after the last fault on."},
      self.eventually);
    v(Field{.name = "metrics",
            .doc = "Bounds on measured figures.",
            .example = "[{ of = \"attempts\", is = \"<= 3\" }]"},
      self.metrics);
    v(Field{.name = "define", .doc = "Expectations of this file's own, by name."}, self.define);
    v.rest(Field{.name = "COLUMN",
                 .doc = "A column of the dashboard's query and what it must show.",
                 .example = "orders = { after-crash = 800, finally = 1800 }"},
           self.columns);
  }
};

}  // namespace twice::scenario
