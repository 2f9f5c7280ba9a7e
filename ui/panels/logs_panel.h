#pragma once
#include "ui/panels/scene.h"

namespace twice::ui {

/// Replicated logs below each other, so that equal indices stand in one column: terms as numbers and colours, committed
/// entries solid, others dashed; below each the leader's match and next marks. REQUIRES `pictures.logs`.
void draw_logs(const Scene& scene, ImVec2 size, Requests& requests);

}  // namespace twice::ui
