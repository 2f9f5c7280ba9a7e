#include "ui/panels/markdown.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lesson/markdown.h"
#include "ui/panels/labels.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lesson::Block;
using Kind = Block::Kind;

constexpr float kSlant = 0.22f;  // of stressed letters: the fonts have none of their own
constexpr float kIndent = 1.3f;  // ems
constexpr float kLine = 1.18f;   // of a line of letters

// Letters leaned to the right, upon their base line.
void slant(ImDrawList& list, int from, float base) {
  for (int i = from; i < list.VtxBuffer.Size; ++i) list.VtxBuffer[i].pos.x += (base - list.VtxBuffer[i].pos.y) * kSlant;
}

std::size_t letter_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) ++length;
  return length;
}

void draw_code(const Scene& scene, const std::string& text, int id) {
  ImGui::PushFont(scene.fonts.mono);
  const auto lines = static_cast<float>(std::count(text.begin(), text.end(), '\n'));
  float widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, width_of(scene.fonts.mono, std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  const ImGuiStyle& style = ImGui::GetStyle();
  const bool scrolls = widest + 2 * style.WindowPadding.x > ImGui::GetContentRegionAvail().x;
  const float height =
      lines * ImGui::GetTextLineHeight() + 2 * style.FramePadding.y + (scrolls ? style.ScrollbarSize : 0);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, scene.theme.raised);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {style.FramePadding.x * 1.5f, style.FramePadding.y});
  ImGui::BeginChild(fmt::format("code{}", id).c_str(), {0, height}, false,
                    ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_AlwaysUseWindowPadding |
                        (scrolls ? 0 : ImGuiWindowFlags_NoScrollWithMouse));
  ImGui::TextUnformatted(text.c_str(), text.c_str() + text.size() - (text.ends_with('\n') ? 1 : 0));
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

constexpr std::string_view kMayBreakAfter = ".-_/";

/// How wide a cell would like to be, and the widest part of it that does not break.
struct Room {
  float most = 1, least = 1;
};
Room room_of(const ImFont* font, std::string_view text) {
  Room room{width_of(font, text), 1};
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find_first_of(" .-_/", at);
    end = end == std::string_view::npos ? text.size() : end + 1;
    room.least = std::max(room.least, width_of(font, text.substr(at, end - at)));
    at = end;
  }
  return room;
}

/// Widths of columns: what each needs at least, and of the rest what each would like in proportion.
std::vector<float> shared_out(const std::vector<Room>& rooms, float width) {
  float least = 0, most = 0;
  for (const Room& room : rooms) least += room.least, most += room.most;
  const float part = most > least ? std::clamp((width - least) / (most - least), 0.0f, 1.0f) : 0;
  std::vector<float> widths;
  for (const Room& room : rooms) widths.push_back(room.least + part * (room.most - room.least));
  return widths;
}

// Rows of one table; the first is its head. Columns are as wide as what is in them asks for.
void draw_table(const Scene& scene, const std::vector<Block>& blocks, std::size_t from, std::size_t to, int id,
                Requests& requests) {
  std::size_t columns = 0;
  for (std::size_t i = from; i < to; ++i) columns = std::max(columns, blocks[i].cells.size());
  if (columns == 0) return;
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_Borders | ImGuiTableFlags_SizingStretchProp;
  if (!ImGui::BeginTable(fmt::format("table{}", id).c_str(), static_cast<int>(columns), kFlags)) return;
  std::vector<Room> rooms(columns);
  const float padding = 2 * ImGui::GetStyle().CellPadding.x + scene.scale;
  for (std::size_t i = from; i < to; ++i)
    for (std::size_t c = 0; c < blocks[i].cells.size(); ++c) {
      const Room room = room_of(i == from ? scene.fonts.bold : scene.fonts.text, blocks[i].cells[c]);
      rooms[c].most = std::max(rooms[c].most, room.most + padding);
      rooms[c].least = std::max(rooms[c].least, room.least + padding);
    }
  for (const float width : shared_out(rooms, ImGui::GetContentRegionAvail().x))
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, width);
  for (std::size_t i = from; i < to; ++i) {
    ImGui::TableNextRow();
    for (const std::string& cell : blocks[i].cells) {
      ImGui::TableNextColumn();
      draw_rich(scene, i == from && cell.find('*') == std::string::npos && !cell.empty() ? "**" + cell + "**" : cell,
                requests);
    }
  }
  ImGui::EndTable();
}

}  // namespace

RichText::RichText(const Scene& scene, std::string_view text, float width)
    : line_(ImGui::GetTextLineHeight() * kLine), blank_(width_of(scene.fonts.text, " ")) {
  bool blank = false;
  for (const lesson::Inline& part : lesson::inlines_of(text)) {
    const ImFont* font = part.code ? scene.fonts.mono : part.strong ? scene.fonts.bold : scene.fonts.text;
    const Piece look{{}, part.link, font, part.stressed, part.code, false, 0, {}};
    for (std::size_t at = 0; at < part.text.size();) {
      const std::size_t end = std::min(part.text.find_first_of(" \n", at), part.text.size());
      if (end > at) add(scene, std::string_view(part.text).substr(at, end - at), std::exchange(blank, false), look);
      if (end < part.text.size()) blank = true;
      at = end + 1;
    }
  }
  break_long(std::max(width, 2 * line_));
  lay_out(std::max(width, 2 * line_));
}

void RichText::add(const Scene&, std::string_view word, bool blank_before, const Piece& look) {
  pieces_.push_back(look);
  Piece& piece = pieces_.back();
  piece.text = word;
  piece.blank_before = blank_before;
  piece.width = width_of(piece.font, word);
}

// A word that is wider than a line goes on in the next.
void RichText::break_long(float width) {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (pieces_[i].width <= width) continue;
    std::size_t end = 0;
    const std::string text = pieces_[i].text;
    while (end < text.size()) {
      const std::size_t next = end + letter_length(std::string_view(text).substr(end));
      if (end > 0 && width_of(pieces_[i].font, std::string_view(text).substr(0, next)) > width) break;
      end = next;
    }
    if (end >= text.size()) continue;
    // "rows.duplicated" breaks after its point rather than anywhere.
    if (const std::size_t mark = text.find_last_of(kMayBreakAfter, end - 1); mark != std::string::npos && mark > 0)
      end = mark + 1;
    Piece rest = pieces_[i];
    rest.text = text.substr(end), rest.blank_before = false, rest.width = width_of(rest.font, rest.text);
    pieces_[i].text = text.substr(0, end), pieces_[i].width = width_of(pieces_[i].font, pieces_[i].text);
    pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(rest));
  }
}

// Pieces without a blank between them are one word: "**x**," does not break before its comma.
void RichText::lay_out(float width) {
  float x = 0, y = 0;
  for (std::size_t i = 0; i < pieces_.size();) {
    std::size_t end = i + 1;
    float word = pieces_[i].width;
    while (end < pieces_.size() && !pieces_[end].blank_before && word + pieces_[end].width <= width)
      word += pieces_[end++].width;
    const float before = x > 0 && pieces_[i].blank_before ? blank_ : 0;
    if (x > 0 && x + before + word > width)
      x = 0, y += line_;
    else
      x += before;
    for (; i < end; ++i) {
      pieces_[i].at = {x, y};
      x += pieces_[i].width;
      size_.x = std::max(size_.x, x);
    }
  }
  size_.y = pieces_.empty() ? 0 : y + line_;
}

void RichText::draw(const Scene& scene, ImDrawList& list, ImVec2 at, ImU32 colour) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const float size = size_of(piece.font);
    const ImVec2 from{std::floor(at.x + piece.at.x), std::floor(at.y + piece.at.y + (line_ - size) / 2)};
    if (!ImGui::IsRectVisible(from, {from.x + piece.width, from.y + line_})) continue;
    if (piece.code) {
      // Blanks within the code belong to it.
      const bool goes_on = i + 1 < pieces_.size() && pieces_[i + 1].code && pieces_[i + 1].at.y == piece.at.y;
      const float right = goes_on ? at.x + pieces_[i + 1].at.x : from.x + piece.width + scene.scale;
      list.AddRectFilled({from.x - scene.scale, from.y - scene.scale}, {right, from.y + size + scene.scale},
                         scene.theme.raised);
    }
    const ImU32 ink = piece.link.empty() ? colour : scene.theme.accent;
    const int first = list.VtxBuffer.Size;
    draw_text(list, piece.font, size, from, ink, piece.text);
    if (piece.stressed) slant(list, first, from.y + size * 0.8f);
    if (!piece.link.empty())
      list.AddLine({from.x, from.y + size}, {from.x + piece.width, from.y + size}, ink, scene.scale);
  }
}

std::string_view RichText::link_at(ImVec2 at, ImVec2 mouse) const {
  for (const Piece& piece : pieces_) {
    const float x = mouse.x - at.x - piece.at.x, y = mouse.y - at.y - piece.at.y;
    if (!piece.link.empty() && x >= 0 && x < piece.width && y >= 0 && y < line_) return piece.link;
  }
  return {};
}

void draw_rich(const Scene& scene, std::string_view text, Requests& requests) {
  const RichText rich(scene, text, ImGui::GetContentRegionAvail().x);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  rich.draw(scene, *ImGui::GetWindowDrawList(), at, ImGui::GetColorU32(ImGuiCol_Text));
  ImGui::Dummy(rich.size());
  const std::string_view link = ImGui::IsItemHovered() ? rich.link_at(at, ImGui::GetIO().MousePos) : "";
  if (link.empty()) return;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  tip(fmt::format("{}\na click copies it", link));
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) push(requests, CopyText{std::string(link)});
}

void draw_markdown(const Scene& scene, std::string_view text, Requests& requests) {
  const std::vector<Block> blocks = lesson::blocks_of(text);
  const float gap = ImGui::GetFontSize() * 0.3f;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    const bool list_goes_on = i > 0 && block.kind == Kind::kItem && blocks[i - 1].kind == Kind::kItem;
    if (i > 0 && !list_goes_on) ImGui::Dummy({0, gap});
    switch (block.kind) {
      case Kind::kParagraph:
        draw_rich(scene, block.text, requests);
        break;
      case Kind::kHeading:
        draw_rich(scene, "**" + block.text + "**", requests);
        break;
      case Kind::kItem: {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_text(*ImGui::GetWindowDrawList(), scene.fonts.text, ImGui::GetFontSize(),
                  {at.x, at.y + ImGui::GetFontSize() * (kLine - 1) / 2}, scene.theme.text,
                  block.mark == "-" ? "•" : block.mark);
        ImGui::SetCursorScreenPos({at.x + ImGui::GetFontSize() * kIndent, at.y});
        ImGui::BeginGroup();
        draw_rich(scene, block.text, requests);
        ImGui::EndGroup();
        break;
      }
      case Kind::kCode:
        draw_code(scene, block.text, static_cast<int>(i));
        break;
      case Kind::kTableRow: {
        std::size_t end = i;
        while (end < blocks.size() && blocks[end].kind == Kind::kTableRow) ++end;
        draw_table(scene, blocks, i, end, static_cast<int>(i), requests);
        i = end - 1;
        break;
      }
    }
  }
}

}  // namespace twice::ui
