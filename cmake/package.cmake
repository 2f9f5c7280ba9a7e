# `cpack --config build/<preset>/CPackConfig.cmake` makes a relocatable tarball, and a Debian package where Debian's
# tools are; cmake/package_kind.cmake says what each holds.
set(TWICE_MAINTAINER "The Twice authors <twice@localhost>" CACHE STRING "Whom the Debian package names")
find_program(TWICE_SHLIBDEPS dpkg-shlibdeps)
set(CPACK_GENERATOR TGZ)
if(TWICE_SHLIBDEPS)
  list(APPEND CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGE_NAME twice)
set(CPACK_PACKAGE_VENDOR "The Twice authors")
set(CPACK_PACKAGE_CONTACT ${TWICE_MAINTAINER})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
set(CPACK_PACKAGE_FILE_NAME twice-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/package_kind.cmake)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_NAME twice)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION education)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(TARGET twice_ui_shell)
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libglfw3 | libglfw3-wayland")
endif()
# Debian wants a changelog of its own form; it leads to ours.
find_program(TWICE_GZIP gzip)
if(TWICE_GZIP)
  string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(WRITE ${CMAKE_BINARY_DIR}/packaging/changelog "twice (${PROJECT_VERSION}) unstable; urgency=medium

  * What changed is told in /usr/share/twice/CHANGELOG.md.

 -- ${TWICE_MAINTAINER}  ${now}
")
  execute_process(COMMAND ${TWICE_GZIP} -9nc ${CMAKE_BINARY_DIR}/packaging/changelog
                  OUTPUT_FILE ${CMAKE_BINARY_DIR}/packaging/changelog.gz)
  install(FILES ${CMAKE_BINARY_DIR}/packaging/changelog.gz DESTINATION share/doc/twice COMPONENT debian
          EXCLUDE_FROM_ALL)
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "deterministic simulator and teaching lab for distributed systems")
set(CPACK_PACKAGE_DESCRIPTION
"Twice runs a load or a protocol in a simulated world of processes, networks,
disks and clocks, makes it fail at every point, runs it again, and says what
became of the data. The same seed always gives the same run, bit for bit.
.
It tells whether your own SQL is safe to run again, what each replication
design promises, and where consensus breaks. It comes with scenarios, a zoo
of mistakes made in real implementations, and lessons for classes.
.
The commands need no display. The desktop lab, \"twice ui\", opens a window
where libglfw3 is installed, and draws pictures of its views without it.")
include(CPack)
