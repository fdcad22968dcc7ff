#pragma once

namespace runner {

/// Nobody can connect any more to the TCP ports at which this process listens: connections that
/// there are go on. Gloo keeps listening when all ranks are connected, and takes the bytes of
/// whoever comes for those of a rank.
void refuse_newcomers();

}  // namespace runner
