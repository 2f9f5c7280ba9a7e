# Read by CPack once for each kind of package. Debian's brings no libraries: it names the packages that have them.
set(CPACK_COMPONENTS_ALL twice)
if(CPACK_GENERATOR STREQUAL "TGZ")
  list(APPEND CPACK_COMPONENTS_ALL libraries)
  set(CPACK_PACKAGING_INSTALL_PREFIX "")
else()
  set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
endif()
