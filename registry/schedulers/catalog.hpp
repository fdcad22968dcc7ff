#pragma once

#include "registry/catalog.hpp"
#include "registry/schedulers/chained.hpp"
#include "registry/schedulers/constant.hpp"
#include "registry/schedulers/cosine.hpp"
#include "registry/schedulers/cosine_restarts.hpp"
#include "registry/schedulers/exponential.hpp"
#include "registry/schedulers/inverse_sqrt.hpp"
#include "registry/schedulers/multistep.hpp"
#include "registry/schedulers/one_cycle.hpp"
#include "registry/schedulers/polynomial.hpp"
#include "registry/schedulers/range_test.hpp"
#include "registry/schedulers/reduce_on_plateau.hpp"
#include "registry/schedulers/step.hpp"
#include "registry/schedulers/wsd.hpp"

namespace runner {

using Schedulers = Catalog<Named<"constant", Constant>,                  //
                           Named<"step", Step>,                          //
                           Named<"multistep", MultiStep>,                //
                           Named<"exponential", Exponential>,            //
                           Named<"polynomial", Polynomial>,              //
                           Named<"cosine", Cosine>,                      //
                           Named<"cosine_restarts", CosineRestarts>,     //
                           Named<"one_cycle", OneCycle>,                 //
                           Named<"inverse_sqrt", InverseSqrt>,           //
                           Named<"wsd", Wsd>,                            //
                           Named<"reduce_on_plateau", ReduceOnPlateau>,  //
                           Named<"chained", Chained>,                    //
                           Named<"range_test", RangeTest>>;

}  // namespace runner
