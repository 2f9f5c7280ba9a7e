# Runs while the tarball is made: copies the shared libraries of `program`, and those it opens (`opened`), to `folder`,
# and the licences of their Debian packages to `licences`. The C and C++ runtimes, X11 and OpenGL stay the system's own:
# they must fit its kernel, its drivers and each other.
set(ours "^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\\+\\+))\\.so")
set(display "^lib(X.*|xcb.*|GL.*|EGL.*|bsd|md)\\.so")
set(ENV{LD_LIBRARY_PATH} "")
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${program} LIBRARIES ${opened}
     RESOLVED_DEPENDENCIES_VAR needed UNRESOLVED_DEPENDENCIES_VAR missing
     PRE_EXCLUDE_REGEXES ${ours} ${display})
if(missing)
  message(FATAL_ERROR "twice: these libraries were not found: ${missing}")
endif()
set(to "${CMAKE_INSTALL_PREFIX}/${folder}")
foreach(library ${needed} ${opened})
  file(INSTALL ${library} DESTINATION ${to} FOLLOW_SYMLINK_CHAIN)
endforeach()

# One that the linker knows as X.so is asked for as X.so.N at run time; only that name is needed.
file(GLOB links "$ENV{DESTDIR}${to}/*.so")
foreach(link ${links})
  if(IS_SYMLINK ${link})
    file(REMOVE ${link})
  endif()
endforeach()

find_program(TWICE_DPKG_QUERY dpkg-query)
foreach(library ${needed} ${opened})
  file(REAL_PATH ${library} file)
  string(REGEX REPLACE "^/usr/lib/" "/lib/" unmerged ${file})
  set(package)
  foreach(name ${file} ${unmerged})
    if(TWICE_DPKG_QUERY AND NOT package)
      execute_process(COMMAND ${TWICE_DPKG_QUERY} -S ${name} OUTPUT_VARIABLE owner ERROR_QUIET)
      if(owner MATCHES "^([^:, ]+)")
        set(package ${CMAKE_MATCH_1})
      endif()
    endif()
  endforeach()
  if(package AND EXISTS /usr/share/doc/${package}/copyright)
    file(INSTALL /usr/share/doc/${package}/copyright DESTINATION "${CMAKE_INSTALL_PREFIX}/${licences}"
         RENAME ${package}.txt)
  else()
    message(WARNING "twice: no licence text of ${file} was found; add it to ${licences} before passing the tarball on")
  endif()
endforeach()
