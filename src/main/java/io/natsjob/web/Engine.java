package io.natsjob.web;

import java.util.Map;
import java.util.OptionalLong;

/** What the web asks of the scheduler that runs beside it. Safe for all threads; each call is answered within a few seconds. */
public interface Engine {
    /** What became of a manual run. */
    sealed interface RunNow {
        /** Sent, or handed to NATS. */
        record Sent(long taskId) implements RunNow {}

        /**
         * Not sent.
         *
         * @param reason a word of {@link io.natsjob.job.SkipReason}
         * @param detail a sentence for the user
         */
        record Refused(String reason, String detail) implements RunNow {}

        /** No such job. */
        record Gone() implements RunNow {}
    }

    /** What became of an operator's wish to end a run. */
    enum End {
        /** It is {@code fail} now, and that is committed. */
        ENDED,
        /** It had ended before. */
        FINAL,
        /** No such run. */
        UNKNOWN
    }

    /**
     * The link to NATS.
     *
     * @param url       without user and password
     * @param version   of the server, or null while not connected
     * @param jetStream whether JetStream answers
     * @param problem   the last failure in plain words, or null
     * @param since     epoch milliseconds of the last change of {@code connected}
     */
    record NatsView(boolean connected, String url, String version, boolean jetStream, String problem, long since) {}

    /**
     * Runs a job now, outside its schedule. Sees every edit whose {@link #changed()} was called before.
     *
     * @param args  instead of the job's own, or null
     * @param force passes over enabled, window and concurrency, never over lease or NATS
     */
    RunNow run(long jobId, String args, boolean force);

    /** Ends a stuck run as {@code fail}; returns after the commit. */
    End end(long taskId, String reason);

    /** An edit of jobs, apps, namespaces or pauses was committed. */
    void changed();

    /** Open runs of a job. */
    int running(long jobId);

    /** Open runs that were sent under this namespace's name. */
    int running(String namespace);

    /** Open runs of all jobs. */
    int runningTotal();

    /** Epoch milliseconds at which an open run was sent; empty while that is unknown. */
    OptionalLong sentAt(long taskId);

    /** Whether this server leads. */
    boolean leads();

    /** Who leads, or why this server does not, in words without names and addresses. */
    String standing();

    /** The term in which this server leads; 0 while it does not. */
    long term();

    String serverId();

    /** Epoch milliseconds of the process start. */
    long startedAt();

    /** Result batches that wait for their commit. */
    int dbWritesInFlight();

    NatsView nats();

    /** Answers of workers that did not count since the start, by reason. */
    Map<String, Long> answersIgnored();
}
