# The distribution's packages first; pinned sources elsewhere. `./dev` installs the packages where apt exists.
# The pinned versions are Debian 12's, except toml++ (3.4.0 compiles on the same sources).
include(FetchContent)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig QUIET)

# twice_fetch(NAME URL SHA256): downloads, verifies and adds a project whose own CMakeLists.txt defines its targets.
function(twice_fetch name url hash)
  message(STATUS "twice: ${name} is not installed; fetching ${url}")
  if(POLICY CMP0135)
    cmake_policy(SET CMP0135 NEW)  # files get the time of their extraction, so a new version rebuilds its users
  endif()
  set(CMAKE_POLICY_VERSION_MINIMUM 3.5)  # CMake 4 refuses the older minimum that some of them name
  set(as_system)
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.25)
    set(as_system SYSTEM)  # our warnings are not for its headers
  endif()
  FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${hash} ${as_system})
  FetchContent_MakeAvailable(${name})
endfunction()

# twice_system(NAME TARGET PKG-CONFIG-MODULE): TARGET from the package's CMake files, else from pkg-config.
macro(twice_system name target module)
  find_package(${name} QUIET)
  if(NOT TARGET ${target} AND PKG_CONFIG_FOUND)
    pkg_check_modules(TWICE_${name} QUIET IMPORTED_TARGET GLOBAL ${module})
    if(TARGET PkgConfig::TWICE_${name})
      add_library(${target} ALIAS PkgConfig::TWICE_${name})
    endif()
  endif()
endmacro()

# twice_required(NAME PKG-CONFIG-MODULE DEBIAN-PACKAGE BREW-FORMULA): PkgConfig::TWICE_NAME, which must be installed: its
# sources need libraries of their own or a build that cannot be a part of this one.
macro(twice_required name module debian brew)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(TWICE_${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  endif()
  if(NOT TARGET PkgConfig::TWICE_${name})
    message(FATAL_ERROR "twice needs ${module} and pkg-config: install ${debian} (Debian, Ubuntu; ./dev does so) or "
                        "${brew} (Homebrew)")
  endif()
endmacro()

twice_system(fmt fmt::fmt fmt)
if(NOT TARGET fmt::fmt)
  twice_fetch(fmt https://github.com/fmtlib/fmt/archive/9.1.0.tar.gz
              5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2)
endif()

# CMake's own find module names this target SQLite::SQLite3.
twice_system(SQLite3 SQLite::SQLite3 sqlite3)
if(NOT TARGET SQLite::SQLite3)
  # The amalgamation comes without a build of its own.
  twice_fetch(sqlite_amalgamation https://sqlite.org/2022/sqlite-amalgamation-3400100.zip
              49112cc7328392aa4e3e5dae0b2f6736d0153430143d21f69327788ff4efe734)
  FetchContent_GetProperties(sqlite_amalgamation SOURCE_DIR sqlite_dir)
  add_library(twice_sqlite3 STATIC ${sqlite_dir}/sqlite3.c)
  target_include_directories(twice_sqlite3 SYSTEM PUBLIC ${sqlite_dir})
  target_compile_definitions(twice_sqlite3 PRIVATE SQLITE_ENABLE_PREUPDATE_HOOK SQLITE_ENABLE_COLUMN_METADATA)  # as in Debian
  target_link_libraries(twice_sqlite3 PUBLIC Threads::Threads ${CMAKE_DL_LIBS} m)
  add_library(SQLite::SQLite3 ALIAS twice_sqlite3)
endif()

twice_system(tomlplusplus tomlplusplus::tomlplusplus tomlplusplus)
if(NOT TARGET tomlplusplus::tomlplusplus)
  twice_fetch(tomlplusplus https://github.com/marzer/tomlplusplus/archive/refs/tags/v3.4.0.tar.gz
              8517f65938a4faae9ccf8ebb36631a38c1cadfb5efa85d9a72e15b9e97d25155)
endif()

twice_system(nlohmann_json nlohmann_json::nlohmann_json nlohmann_json)
if(NOT TARGET nlohmann_json::nlohmann_json)
  set(JSON_BuildTests OFF)
  twice_fetch(nlohmann_json https://github.com/nlohmann/json/archive/v3.11.2.tar.gz
              d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273)
endif()

twice_system(pugixml pugixml::pugixml pugixml)
if(NOT TARGET pugixml::pugixml)
  twice_fetch(pugixml https://github.com/zeux/pugixml/archive/refs/tags/v1.13.tar.gz
              5c5ad5d7caeb791420408042a7d88c2c6180781bf218feca259fd9d840a888e1)
endif()

twice_required(avro avro-c libavro-dev avro-c)

if(NOT TWICE_SIM_ONLY)
  twice_required(zstd libzstd libzstd-dev zstd)

  twice_system(CLI11 CLI11::CLI11 CLI11)
  if(NOT TARGET CLI11::CLI11)
    twice_fetch(CLI11 https://github.com/CLIUtils/CLI11/archive/v2.1.2.tar.gz
                26291377e892ba0e5b4972cdfd4a2ab3bf53af8dac1f4ea8fe0d1376b625c8cb)
  endif()

  twice_system(Catch2 Catch2::Catch2 catch2)
  if(NOT TARGET Catch2::Catch2)
    twice_fetch(Catch2 https://github.com/catchorg/Catch2/archive/refs/tags/v2.13.10.tar.gz
                d54a712b7b1d7708bc7a819a8e6e47b2fde9536f487b89ccbca295072a7d9943)
  endif()
endif()
