package io.natsjob.web;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException;
import java.util.List;

/** The one place that turns what a handler threw into a problem. What is not ours to explain is logged under the request's id. */
final class Failures {
    private static final Log LOG = Log.of("web");

    private Failures() {}

    static Problem problem(Throwable failure, Head head) {
        return switch (failure) {
            case Refusal refusal -> refusal.problem();
            case StoreException e when unavailable(e) -> database(e, head);
            default -> internal(failure, head);
        };
    }

    private static boolean unavailable(StoreException e) {
        return e.kind() == StoreException.Kind.UNAVAILABLE || e.kind() == StoreException.Kind.COMMIT_UNKNOWN;
    }

    private static Problem database(StoreException e, Head head) {
        boolean unknown = e.kind() == StoreException.Kind.COMMIT_UNKNOWN;
        if (unknown) {
            LOG.warn("a change was not confirmed by the database", e, "requestId", head.id(), "method", head.method(), "path", head.path());
        } else {
            // The store says once that the database is away; a line for each request would bury that.
            LOG.debug("request failed, the database does not answer", "requestId", head.id(), "method", head.method(), "path", head.path(),
                    "reason", e.getMessage());
        }
        return Problem.of(503, "db.unavailable", unknown
                ? "the database did not confirm the change: read it again before trying once more"
                : e.isDiskFull() ? "the disk of the database is full: nothing can be changed until there is room on it; try again then"
                : "the database cannot be reached: try again soon");
    }

    private static Problem internal(Throwable failure, Head head) {
        LOG.error("request failed", failure, "requestId", head.id(), "method", head.method(), "path", head.path());
        return new Problem(500, "internal", Problem.titleOf(500),
                "the server failed on this request; its log has the reason under request id " + head.id(), List.of(), null);
    }
}
