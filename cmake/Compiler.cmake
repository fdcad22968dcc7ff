# Warnings, sanitizers, ccache and the linker, for every target of this project.
add_compile_options(-Wall -Wextra -Wpedantic)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # GCC 12 sees overlaps in std::string's operator+ that are not there (PR 105651)
endif()
if(RUNNER_WERROR)
  add_compile_options(-Werror)
endif()

if(RUNNER_SANITIZE)
  add_compile_options(-fsanitize=${RUNNER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${RUNNER_SANITIZE})
  if(RUNNER_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
  add_library(sanitizer-options OBJECT cmake/sanitizer_options.cpp)
  link_libraries(sanitizer-options)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  # ccache refuses precompiled headers that may embed a time stamp; this is what its manual asks for.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

# Our own folders, so that an include reads "registry/field.hpp" wherever it stands.
include_directories(${PROJECT_SOURCE_DIR})
