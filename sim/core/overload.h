#pragma once
// Lambdas as the cases of a std::visit: a missing case does not compile.

namespace twice {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

}  // namespace twice
