# PREFIX/bin/runner finds PREFIX/libexec/runner/runner-worker and PREFIX/share/runner/recipes from where it is itself,
# so the prefix can be moved; LibTorch stays in the shared cache folder, found by RPATH.
install(TARGETS runner RUNTIME DESTINATION bin)
install(TARGETS runner-worker RUNTIME DESTINATION libexec/runner)
set_target_properties(runner-worker PROPERTIES INSTALL_RPATH "${Torch_ROOT}/lib")
if(TARGET runner-nccl)
  install(TARGETS runner-nccl LIBRARY DESTINATION libexec/runner)
  set_target_properties(runner-nccl PROPERTIES INSTALL_RPATH "${Torch_ROOT}/lib")
endif()
if(TARGET runner-parquet)
  install(TARGETS runner-parquet LIBRARY DESTINATION libexec/runner)
  set_target_properties(runner-parquet PROPERTIES INSTALL_RPATH "${Arrow_ROOT}")
endif()
install(DIRECTORY recipes DESTINATION share/runner)
