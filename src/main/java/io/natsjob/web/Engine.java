package io.natsjob.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

        /** The leader did not answer: it may have been sent or not. */
        record Unanswered(String detail) implements RunNow {}
    }

    /** What became of an operator's wish to end a run. */
    enum End {
        /** It is {@code fail} now, and that is committed. */
        ENDED,
        /** It had ended before. */
        FINAL,
        /** No such run. */
        UNKNOWN,
        /** No server leads. */
        NO_LEADER,
        /** The leader did not answer: it may have ended or not. */
        UNANSWERED
    }

    /**
     * What only the leader's memory knows.
     *
     * @param running       open runs by job; a job without any is not in it
     * @param sentAt        epoch milliseconds by open run
     * @param open          open runs
     * @param parts         unanswered parts of broadcasts to named workers
     * @param writes        results that wait for their commit
     * @param ignored       answers of workers that did not count since the leader's start, by reason
     */
    record Facts(Map<Long, Long> running, Map<Long, Long> sentAt, int open, int parts, int writes, Map<String, Long> ignored) {}

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
     * A live worker.
     *
     * @param weight      0: nothing of ultra
     * @param machineCpu  in the worker's own words such as {@code 12.50%}, empty where it does not say; the next three too
     * @param firstSeenAt epoch milliseconds at which this server registered it
     * @param seenAt      epoch milliseconds at which its last heartbeat was read
     */
    record WorkerView(String id, String namespace, String app, String ip, String comment, int weight, Usage usage, long firstSeenAt, long seenAt) {}

    /** How busy a machine and a process are, as text. */
    record Usage(String machineCpu, String machineMemory, String processCpu, String processRss) {}

    /**
     * A live server; one of an original has neither term nor version.
     *
     * @param term      that it leads, 0 while it does not
     * @param cpus      0 where unknown, as pid and startedAt
     * @param startedAt epoch milliseconds
     * @param seenAt    epoch milliseconds
     */
    record ServerView(String id, String namespace, boolean leader, long term, String version, MachineView machine, long pid, Usage usage, long startedAt,
            long seenAt, boolean natsConnected) {}

    /** Where a server runs; empty texts and 0 are unknown. */
    record MachineView(String host, String ip, String os, String arch, long cpus) {}

    /**
     * What the scheduler knows to be wrong beyond {@link NatsView}.
     *
     * @param code   one of those below
     * @param detail a sentence for people who are logged in
     * @param since  epoch milliseconds, or null where only that it is so is known
     */
    record Trouble(String code, String detail, Long since) {
        public static final String JETSTREAM_FULL = "jetstream-full";
        public static final String CLOCK_SKEW = "clock-skew";
    }

    /**
     * Runs a job now, outside its schedule. Sees every edit whose {@link #changed()} was called before.
     *
     * @param args     instead of the job's own, or null
     * @param workerId the worker that an ultra job is sent to, or null: as by cron
     * @param force    passes over enabled, window and concurrency, never over lease, NATS or a live worker
     */
    RunNow run(long jobId, String args, String workerId, boolean force);

    /** Ends a stuck run as {@code fail}; returns after the commit. */
    End end(long taskId, String reason);

    /** An edit of jobs, apps, namespaces or pauses was committed. */
    void changed();

    /**
     * What only the leader's memory knows, asked for within a second; nothing where no leader answers.
     *
     * @param jobs      ids of jobs whose open runs are asked for
     * @param tasks     ids of open runs whose sending is asked for
     * @param namespace counts the open runs of this one only, null: all
     */
    Optional<Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace);

    /** Whether this server leads. */
    boolean leads();

    /** Who leads, or why this server does not, in words without names and addresses. */
    String standing();

    /** The term in which this server leads; 0 while it does not. */
    long term();

    String serverId();

    /** Epoch milliseconds of the process start. */
    long startedAt();

    NatsView nats();

    List<Trouble> troubles();

    /** The live workers of a namespace and an app; null for all. Not sorted. */
    List<WorkerView> workers(String namespace, String app);

    /** How many workers of a namespace live; null for all. */
    int workers(String namespace);

    /** The live servers, this one first. */
    List<ServerView> servers();

    /** Heartbeats that were not taken since the start, by reason. */
    Map<String, Long> heartbeatsIgnored();
}
