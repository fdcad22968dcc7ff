// What the sanitizers are told in every program of a build that has them; ASAN_OPTIONS and its kin
// add to it.

extern "C" {

// LibTorch is not instrumented: of its containers and globals the sanitizer knows a half. An input
// may ask for more memory than there is.
const char* __asan_default_options() {
  return "detect_container_overflow=0:detect_odr_violation=0:allocator_may_return_null=1";
}

const char* __ubsan_default_options() { return "print_stacktrace=1:halt_on_error=1"; }

}  // extern "C"
