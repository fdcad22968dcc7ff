# Warnings, sanitizers, ccache and the linker, for every target of this project.
add_compile_options(-Wall -Wextra -Wpedantic)
if(RUNNER_WERROR)
  add_compile_options(-Werror)
endif()

if(RUNNER_SANITIZE)
  add_compile_options(-fsanitize=${RUNNER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${RUNNER_SANITIZE})
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
