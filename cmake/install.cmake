# What `cmake --install` puts under a prefix, and what both packages hold. The program finds share/twice from its own
# place (sim/lab/shipped_files.h), so the folders may be moved, but not apart.
#   bin/twice
#   share/twice/          scenarios, lessons, docs and README, as in the repository, so that their links hold
#   share/doc/twice/      copyright, and licences/: those of other projects' code and fonts inside the program
#   share/applications, share/icons    where the desktop lab is built
#   lib/twice/            the libraries that the program needs beside the C++ runtime; of the tarball only

# An install or a package takes what is built; it does not build tests and benchmarks first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(TWICE_LIBRARIES lib/twice)
set(TWICE_LICENCES share/doc/twice/licences)

install(TARGETS twice RUNTIME DESTINATION bin COMPONENT twice)
foreach(folder scenarios lessons docs)
  install(DIRECTORY ${folder} DESTINATION share/twice COMPONENT twice)
endforeach()
install(FILES README.md CHANGELOG.md LICENSE DESTINATION share/twice COMPONENT twice)
install(FILES packaging/copyright DESTINATION share/doc/twice COMPONENT twice)

if(TARGET twice_ui_shell)
  install(FILES packaging/twice.desktop DESTINATION share/applications COMPONENT twice)
  install(FILES packaging/twice.svg DESTINATION share/icons/hicolor/scalable/apps COMPONENT twice)
  foreach(size 48 256)
    install(FILES packaging/twice-${size}.png DESTINATION share/icons/hicolor/${size}x${size}/apps COMPONENT twice
            RENAME twice.png)
  endforeach()
endif()

# twice_ships(NAME PACKAGE...): code or data of another project is inside the program; its licence text goes with it,
# from Debian's package or from the sources that were fetched.
function(twice_ships name)
  set(places)
  foreach(package ${ARGN})
    list(APPEND places /usr/share/doc/${package}/copyright)
  endforeach()
  FetchContent_GetProperties(${name} SOURCE_DIR sources)
  if(sources)
    file(GLOB texts ${sources}/LICENSE* ${sources}/COPYING*)
    list(APPEND places ${texts})
  endif()
  foreach(place ${places})
    if(EXISTS ${place})
      install(FILES ${place} DESTINATION ${TWICE_LICENCES} COMPONENT twice RENAME ${name}.txt)
      return()
    endif()
  endforeach()
  message(STATUS "twice: no licence text of ${name} was found; add it to ${TWICE_LICENCES} before passing a package on")
endfunction()

twice_ships(CLI11 libcli11-dev)
twice_ships(fmt libfmt-dev)
twice_ships(nlohmann_json nlohmann-json3-dev)
twice_ships(tomlplusplus libtomlplusplus-dev)
FetchContent_GetProperties(pugixml POPULATED fetched)
if(fetched)
  twice_ships(pugixml)
endif()
if(TWICE_UI)
  twice_ships(imgui libimgui-dev)
  twice_ships(stb libstb-dev)
  twice_ships(glad python3-glad)
  install(FILES ui/draw/FONTS.md DESTINATION ${TWICE_LICENCES} COMPONENT twice)
  # The text of the OFL, which is JetBrains Mono's too, is in the first.
  foreach(symbol text bold mono symbols)
    get_filename_component(font ${TWICE_FONT_${symbol}} NAME)
    if(font MATCHES "^Inter")
      twice_ships(Inter fonts-inter)
    elseif(font MATCHES "^JetBrains")
      twice_ships(JetBrains-Mono fonts-jetbrains-mono)
    elseif(font MATCHES "^DejaVu")
      twice_ships(DejaVu fonts-dejavu-core)
    endif()
  endforeach()
endif()

# The tarball brings its libraries along: the program looks into lib/twice beside its bin first.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set_target_properties(twice PROPERTIES INSTALL_RPATH "$ORIGIN/../${TWICE_LIBRARIES}" BUILD_WITH_INSTALL_RPATH ON)
  target_link_options(twice PRIVATE -Wl,--disable-new-dtags)  # so that the libraries find each other as well
  set(opened)
  if(TARGET twice_ui_shell)
    set(opened ${TWICE_GLFW_LIBRARY})
  endif()
  install(CODE "set(program \"$<TARGET_FILE:twice>\")
set(opened \"${opened}\")
set(folder ${TWICE_LIBRARIES})
set(licences ${TWICE_LICENCES})" COMPONENT libraries EXCLUDE_FROM_ALL)
  install(SCRIPT cmake/bundle_libraries.cmake COMPONENT libraries EXCLUDE_FROM_ALL)
endif()
