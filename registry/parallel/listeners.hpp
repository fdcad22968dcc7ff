#pragma once

namespace runner {

// What Gloo does not do for its TCP sockets. It listens as long as it lives, and keeps whatever
// connection comes as that of a rank, by the number of 8 bytes that it begins with. That it reads
// at once: a rank of whose number only a part has come is lost.

/// Connections that come from now on count as readable when 8 bytes are there.
void hold_back_parts();
/// All connections that there are count as readable when any bytes are.
void release_parts();

/// Nobody can connect any more to the ports at which this process listens; connections that there
/// are go on.
void refuse_newcomers();

}  // namespace runner
