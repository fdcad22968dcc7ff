# PREFIX/bin/runner finds PREFIX/libexec/runner/runner-worker and PREFIX/share/runner/recipes from where it is itself,
# so the prefix can be moved; LibTorch stays in the shared cache folder, found by RPATH.
install(TARGETS runner RUNTIME DESTINATION bin)
install(TARGETS runner-worker RUNTIME DESTINATION libexec/runner)
set_target_properties(runner-worker PROPERTIES INSTALL_RPATH "${Torch_ROOT}/lib")
if(TARGET runner-cuda)
  install(TARGETS runner-cuda LIBRARY DESTINATION libexec/runner)
  set_target_properties(runner-cuda PROPERTIES INSTALL_RPATH "${Torch_ROOT}/lib")
endif()
if(TARGET runner-parquet)
  install(TARGETS runner-parquet LIBRARY DESTINATION libexec/runner)
  set_target_properties(runner-parquet PROPERTIES INSTALL_RPATH "${Arrow_ROOT}")
endif()
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
