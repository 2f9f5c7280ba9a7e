# One static library per folder of sim/; a layer links only those below it (tests/tidy checks the includes).

# GCC 12 and 13 report uninitialised reads in moved std::variants and overlaps in string concatenation, both unfounded
# and both only at some optimisation levels; clang and the sanitizers watch over these.
add_library(twice_flags INTERFACE)
target_compile_options(twice_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       -ffp-contract=off $<$<BOOL:${TWICE_WERROR}>:-Werror>
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-pedantic -Wno-maybe-uninitialized -Wno-restrict>)

# Names of our files in messages and in the binary are those of the repository, wherever it was built.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# On every target, fetched libraries too: a container that half the program instruments reports errors that are none.
# ASan stops at null and freed objects by itself; the checks left out double the time of a build and add nothing to that.
if(TWICE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,vptr,object-size -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
# libFuzzer steers by the coverage of the engine itself, so every layer is instrumented.
if(TWICE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=null,vptr,object-size
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# Several files a compiler run: half the work of a build from nothing is reading the same headers. Names in unnamed
# namespaces then meet, so the compiler asks for different ones. 0 compiles file by file, for a quick rebuild after an edit.
set(TWICE_BATCH 20 CACHE STRING "Files compiled at a time; 0: one by one")

# twice_batch(TARGET [LARGEST]): LARGEST bounds the batch where files use the same short names, as views and tests do.
function(twice_batch target)
  set(files ${TWICE_BATCH})
  if(ARGC GREATER 1 AND files GREATER ARGV1)
    set(files ${ARGV1})
  endif()
  if(files GREATER 1)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
  endif()
endfunction()

# -O3 is for what runs once an event. What runs once a file, a frame or a test compiles in two thirds of the time with -O1.
function(twice_runs_seldom target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# twice_layer(NAME LIBRARIES...): library twice_NAME of sim/NAME/**.cpp. A folder without sources is headers only.
# SELDOM before the libraries: everything in it runs seldom, except the files that match the regular expressions behind HOT.
function(twice_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "SELDOM" "" "HOT")
  set(ARGN ${layer_UNPARSED_ARGUMENTS})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(sources)
    add_library(twice_${name} STATIC ${sources})
    target_include_directories(twice_${name} PUBLIC ${PROJECT_SOURCE_DIR}/sim)
    target_link_libraries(twice_${name} PUBLIC ${ARGN} fmt::fmt PRIVATE twice_flags)
    twice_batch(twice_${name})
    if(layer_SELDOM)
      twice_runs_seldom(twice_${name})
    endif()
    if(layer_HOT)
      list(JOIN layer_HOT "|" hot)
      set(hot_sources ${sources})
      list(FILTER hot_sources INCLUDE REGEX "/${name}/(${hot})")
      list(REMOVE_ITEM sources ${hot_sources})
      set_target_properties(twice_${name} PROPERTIES SOURCES "${sources}")
      add_library(twice_${name}_hot OBJECT ${hot_sources})
      target_link_libraries(twice_${name}_hot PRIVATE ${ARGN} fmt::fmt twice_flags)
      target_include_directories(twice_${name}_hot PRIVATE ${PROJECT_SOURCE_DIR}/sim)
      twice_batch(twice_${name}_hot)
      target_sources(twice_${name} PRIVATE $<TARGET_OBJECTS:twice_${name}_hot>)
    endif()
    set_property(GLOBAL APPEND PROPERTY TWICE_LAYERS twice_${name})
  else()
    add_library(twice_${name} INTERFACE)
    target_include_directories(twice_${name} INTERFACE ${PROJECT_SOURCE_DIR}/sim)
    target_link_libraries(twice_${name} INTERFACE ${ARGN} fmt::fmt)
  endif()
endfunction()
