# PREFIX/bin/runner finds PREFIX/libexec/runner/runner-worker and PREFIX/share/runner/recipes from where it is itself,
# so the prefix can be moved; LibTorch stays in the shared cache folder, found by RPATH.
install(TARGETS runner RUNTIME DESTINATION bin)
install(TARGETS runner-worker RUNTIME DESTINATION libexec/runner)
if(TARGET runner-cuda)
  install(TARGETS runner-cuda LIBRARY DESTINATION libexec/runner)
endif()
if(TARGET runner-parquet)
  install(TARGETS runner-parquet LIBRARY DESTINATION libexec/runner)
endif()
# Beside themselves, after the folder of LibTorch or Arrow, which comes with linking those. What is built has the path of
# what is installed: CMake would lengthen it by an empty entry otherwise, which is the working directory.
foreach(target runner-worker runner-cuda runner-parquet)
  if(TARGET ${target})
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN" BUILD_WITH_INSTALL_RPATH ON)
  endif()
endforeach()
install(DIRECTORY recipes DESTINATION share/runner)
# What shells complete with, and the manual, are what the program itself says of its commands.
install(CODE [[
  set(root "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
  set(program "${root}/bin/runner")
  foreach(target "bash share/bash-completion/completions/runner" "zsh share/zsh/site-functions/_runner"
                 "fish share/fish/vendor_completions.d/runner.fish")
    string(REPLACE " " ";" target "${target}")
    list(GET target 0 shell)
    list(GET target 1 file)
    get_filename_component(folder "${root}/${file}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    execute_process(COMMAND "${program}" completion ${shell} OUTPUT_FILE "${root}/${file}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  execute_process(COMMAND "${program}" man --into "${root}/share/man/man1" COMMAND_ERROR_IS_FATAL ANY)
]])
