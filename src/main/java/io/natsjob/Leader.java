package io.natsjob;

import io.natsjob.web.Engine;
import java.util.Optional;
import java.util.Set;

/** What only the leader can do or tell, as the web asks for it: see {@link Engine}. */
interface Leader {
    Engine.RunNow run(long jobId, String args, String workerId, boolean force);

    Engine.End end(long taskId, String reason);

    Optional<Engine.Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace);
}
