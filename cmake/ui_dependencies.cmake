# What the desktop lab needs: the distribution's packages first, pinned sources elsewhere (the versions of Debian 12).
# Targets: twice_imgui, twice_stb, twice_fonts, and twice_window_system only where a window can be built.

# Debian's library holds the GLFW and OpenGL 3 back ends too.
if(PKG_CONFIG_FOUND)
  pkg_check_modules(TWICE_imgui QUIET IMPORTED_TARGET GLOBAL imgui)
endif()
if(TARGET PkgConfig::TWICE_imgui)
  add_library(twice_imgui ALIAS PkgConfig::TWICE_imgui)
  set(TWICE_IMGUI_HAS_BACK_ENDS ON)
else()
  find_path(TWICE_IMGUI_HEADERS imgui.h PATH_SUFFIXES imgui)
  find_library(TWICE_IMGUI_LIBRARY imgui)
  if(TWICE_IMGUI_HEADERS AND TWICE_IMGUI_LIBRARY)
    add_library(twice_imgui INTERFACE)
    target_include_directories(twice_imgui SYSTEM INTERFACE ${TWICE_IMGUI_HEADERS})
    target_link_libraries(twice_imgui INTERFACE ${TWICE_IMGUI_LIBRARY})
    set(TWICE_IMGUI_HAS_BACK_ENDS ON)
  endif()
endif()
if(NOT TARGET twice_imgui)
  # Its sources come without a build of their own; twice_window_system adds the back ends.
  twice_fetch(imgui https://github.com/ocornut/imgui/archive/v1.86.tar.gz
              6ba6ae8425a19bc52c5e067702c48b70e4403cd339cba02073a462730a63e825)
  FetchContent_GetProperties(imgui SOURCE_DIR TWICE_IMGUI_SOURCES)
  add_library(twice_imgui STATIC ${TWICE_IMGUI_SOURCES}/imgui.cpp ${TWICE_IMGUI_SOURCES}/imgui_draw.cpp
              ${TWICE_IMGUI_SOURCES}/imgui_tables.cpp ${TWICE_IMGUI_SOURCES}/imgui_widgets.cpp
              ${TWICE_IMGUI_SOURCES}/imgui_demo.cpp)
  target_include_directories(twice_imgui SYSTEM PUBLIC ${TWICE_IMGUI_SOURCES})
  set(TWICE_IMGUI_HAS_BACK_ENDS OFF)
endif()

add_library(twice_stb INTERFACE)
find_path(TWICE_STB_HEADERS stb_image_write.h PATH_SUFFIXES stb)
if(NOT TWICE_STB_HEADERS)
  twice_fetch(stb https://github.com/nothings/stb/archive/8b5f1f37b5b75829fc72d38e7b5d4bcbf8a26d55.zip
              93a16ee3e866e719feec459f6f132cce932c5ec751eb38e3ec1975f911353d2e)
  FetchContent_GetProperties(stb SOURCE_DIR TWICE_STB_HEADERS)
endif()
target_include_directories(twice_stb SYSTEM INTERFACE ${TWICE_STB_HEADERS})

# twice_font(NAME PACKAGE FILES...): TWICE_FONT_<NAME> is the first of the files that is there; -D overrides it.
set(TWICE_FONT_FOLDERS /usr/share/fonts /usr/local/share/fonts /opt/homebrew/share/fonts
    CACHE STRING "Where the fonts to embed are looked for")
function(twice_font symbol package)
  find_file(TWICE_FONT_${symbol} NAMES ${ARGN} PATHS ${TWICE_FONT_FOLDERS} NO_DEFAULT_PATH
            PATH_SUFFIXES opentype/inter truetype/inter inter inter-fonts rsms-inter-fonts truetype/jetbrains-mono
                          jetbrains-mono jetbrains-mono-fonts truetype/dejavu dejavu dejavu-sans-fonts
                          dejavu-sans-mono-fonts TTF OTF)
  list(GET ARGN 0 wanted)
  if(NOT TWICE_FONT_${symbol})
    message(FATAL_ERROR "twice: no font ${wanted}; install ${package} and fonts-dejavu-core, give its path with "
                        "-DTWICE_FONT_${symbol}=FILE, or build without the desktop lab: -DTWICE_UI=OFF")
  endif()
  get_filename_component(found ${TWICE_FONT_${symbol}} NAME)
  if(NOT found MATCHES "^(Inter|JetBrains)" AND NOT symbol STREQUAL "symbols")
    message(STATUS "twice: no font ${wanted} (package ${package}); ${found} stands in")
  endif()
endfunction()
twice_font(symbols fonts-dejavu-core DejaVuSans.ttf)
twice_font(text fonts-inter Inter-Regular.otf Inter-Regular.ttf DejaVuSans.ttf)
twice_font(bold fonts-inter Inter-SemiBold.otf Inter-SemiBold.ttf DejaVuSans-Bold.ttf DejaVuSans.ttf)
twice_font(mono fonts-jetbrains-mono JetBrainsMono-Regular.ttf DejaVuSansMono.ttf)

# The files' bytes as symbols twice_font_NAME .. twice_font_NAME_end, brought in by the assembler.
enable_language(ASM)
set(TWICE_FONT_ASSEMBLY)
set(TWICE_FONT_FILES)
foreach(symbol text bold mono symbols)
  string(APPEND TWICE_FONT_ASSEMBLY "EMBED(twice_font_${symbol})\n  .incbin \"${TWICE_FONT_${symbol}}\"\n"
                                    "END(twice_font_${symbol})\n")
  list(APPEND TWICE_FONT_FILES ${TWICE_FONT_${symbol}})
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/../ui/draw/embedded_fonts.S.in ${CMAKE_CURRENT_BINARY_DIR}/embedded_fonts.S
               @ONLY)
add_library(twice_fonts STATIC ${CMAKE_CURRENT_BINARY_DIR}/embedded_fonts.S)
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/embedded_fonts.S PROPERTIES OBJECT_DEPENDS
                            "${TWICE_FONT_FILES}")

# GLFW, and glad's loader for our own OpenGL calls, generated from the specification that glad carries with it.
option(TWICE_FETCH_GLFW "Build GLFW from its sources where it is not installed (needs the headers of X11)" OFF)
set(TWICE_NO_WINDOW)
twice_system(glfw3 glfw glfw3)
if(NOT TARGET glfw AND TWICE_FETCH_GLFW)
  set(GLFW_BUILD_DOCS OFF CACHE BOOL "" FORCE)
  set(GLFW_BUILD_EXAMPLES OFF CACHE BOOL "" FORCE)
  set(GLFW_BUILD_TESTS OFF CACHE BOOL "" FORCE)
  set(GLFW_INSTALL OFF CACHE BOOL "" FORCE)
  twice_fetch(glfw3 https://github.com/glfw/glfw/archive/3.3.8.tar.gz
              f30f42e05f11e5fc62483e513b0488d5bceeab7d9c5da0ffe2252ad81816c713)
endif()
if(NOT TARGET glfw)
  list(APPEND TWICE_NO_WINDOW "libglfw3-dev (or -DTWICE_FETCH_GLFW=ON)")
endif()
find_program(TWICE_GLAD glad)
if(NOT TWICE_GLAD)
  list(APPEND TWICE_NO_WINDOW "python3-glad (PyPI: glad2)")
endif()

if(TWICE_NO_WINDOW)
  list(JOIN TWICE_NO_WINDOW ", " TWICE_NO_WINDOW)
  message(STATUS "twice: the desktop lab's window is not built; install ${TWICE_NO_WINDOW}")
else()
  set(glad_folder ${CMAKE_CURRENT_BINARY_DIR}/glad)
  file(MAKE_DIRECTORY ${glad_folder}/include)
  add_custom_command(
    OUTPUT ${glad_folder}/src/gl.c ${glad_folder}/include/glad/gl.h
    COMMAND ${TWICE_GLAD} --reproducible --quiet --api gl:core=3.3 --extensions= --out-path ${glad_folder} c
    COMMENT "Generating the loader of OpenGL 3.3" VERBATIM)
  add_library(twice_glad STATIC ${glad_folder}/src/gl.c)
  target_include_directories(twice_glad SYSTEM PUBLIC ${glad_folder}/include)

  # A shared GLFW is opened when a window is, not linked: it needs X11 and OpenGL, and every other command needs neither.
  # TWICE_GLFW_LIBRARY is the one that a tarball brings along.
  get_target_property(kind glfw TYPE)
  find_library(TWICE_GLFW_LIBRARY NAMES libglfw.so.3)
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|aarch64)$" AND TWICE_GLFW_LIBRARY
     AND kind STREQUAL "SHARED_LIBRARY")
    set(jumps ${CMAKE_CURRENT_LIST_DIR}/../ui/window/glfw_jumps.S)
    set_source_files_properties(${jumps} PROPERTIES OBJECT_DEPENDS
                                ${CMAKE_CURRENT_LIST_DIR}/../ui/window/glfw_calls.inc)
    add_library(twice_glfw STATIC ${jumps})
    target_compile_definitions(twice_glfw INTERFACE TWICE_OPENS_GLFW)
    target_include_directories(twice_glfw SYSTEM INTERFACE
                               $<TARGET_PROPERTY:glfw,INTERFACE_INCLUDE_DIRECTORIES>)
  else()
    set(TWICE_GLFW_LIBRARY "" CACHE FILEPATH "GLFW is linked" FORCE)
    add_library(twice_glfw INTERFACE)
    target_link_libraries(twice_glfw INTERFACE glfw)
  endif()

  add_library(twice_window_system INTERFACE)
  target_link_libraries(twice_window_system INTERFACE twice_imgui twice_glfw twice_glad ${CMAKE_DL_LIBS})
  if(NOT TWICE_IMGUI_HAS_BACK_ENDS)
    add_library(twice_imgui_back_ends STATIC ${TWICE_IMGUI_SOURCES}/backends/imgui_impl_glfw.cpp
                ${TWICE_IMGUI_SOURCES}/backends/imgui_impl_opengl3.cpp)
    target_link_libraries(twice_imgui_back_ends PUBLIC twice_imgui twice_glfw ${CMAKE_DL_LIBS})
    target_link_libraries(twice_window_system INTERFACE twice_imgui_back_ends)
  endif()
endif()
