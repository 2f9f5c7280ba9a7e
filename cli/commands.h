#pragma once
// One function a command: values in, an exit code out; the result goes to the standard output.
#include "cli/arguments.h"

namespace twice::cli {

Exit execute(const RunArguments& arguments);
Exit execute(const SweepArguments& arguments);
Exit execute(const ReplayArguments& arguments);
Exit execute(const CheckArguments& arguments);
Exit execute(const ExplainArguments& arguments);
Exit execute(const ListArguments& arguments);
Exit execute(const SchemaArguments& arguments);
Exit execute(const NewArguments& arguments);
Exit execute(const UiArguments& arguments);
Exit execute(const HistoryArguments& arguments);
Exit execute(const PacelcArguments& arguments);
Exit execute(const ShrinkArguments& arguments);
Exit execute(const InevitableArguments& arguments);
Exit execute(const SearchArguments& arguments);
Exit execute(const ZooArguments& arguments);
Exit execute(const LessonArguments& arguments);
Exit execute(const FormatsArguments& arguments);

}  // namespace twice::cli
