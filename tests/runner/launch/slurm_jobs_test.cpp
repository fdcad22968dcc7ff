#include "runner/launch/slurm_jobs.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a job's state is what squeue prints for it") {
  const std::string squeue = "7 PENDING\n12 CANCELLED\nend\n";
  CHECK(job_state(squeue, "7") == "PENDING");
  CHECK(job_state(squeue, "12") == "CANCELLED");
}

TEST_CASE("a job that squeue does not list is gone, unless squeue did not answer") {
  CHECK(job_state("7 PENDING\nend\n", "8") == "gone");
  CHECK(job_state("end\n", "8") == "gone");
  CHECK_FALSE(job_state("", "8"));
  CHECK_FALSE(job_state("7 PENDING\n", "7"));
}
