package io.natsjob.dispatch;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Parts;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.SteadyTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** "Run now": one fire outside the schedule, claimed and sent on the caller's thread. Safe for all threads. */
public final class ManualRuns {
    /** Milliseconds that are tried one after the other for a free fire time. */
    private static final int MAX_TRIES = 1_000;
    /** JetStream's acknowledgement, its loss included. */
    private static final long ANSWER_MILLIS = 3_000;

    private static final Log LOG = Log.of("dispatch");

    /**
     * What became of it.
     *
     * @param taskId  the run's id, 0 when it was refused
     * @param refusal null when it was sent
     */
    public record Result(long taskId, SkipReason refusal) {}

    private final Database database;
    private final Term term;
    private final RunIds ids;
    private final Admission admission;
    private final Addressing addressing;
    private final Sender sender;
    private final OpenRuns open;
    private final SteadyTime time;

    public ManualRuns(Database database, Term term, RunIds ids, Admission admission, Addressing addressing, Sender sender, OpenRuns open, SteadyTime time) {
        this.database = database;
        this.term = term;
        this.ids = ids;
        this.admission = admission;
        this.addressing = addressing;
        this.sender = sender;
        this.open = open;
        this.time = time;
    }

    /**
     * Sends {@code job} now.
     *
     * @param workerId the live worker that an ultra job is sent to, or null: as by cron
     * @param force    passes over enabled, window and concurrency
     * @throws StoreException where the row of a recorded job cannot be written; nothing was sent then
     */
    public Result run(Job job, String args, String workerId, boolean force) {
        SkipReason refusal = admission.refusal(job, force);
        int max = force ? Integer.MAX_VALUE : job.spec().limits().maxConcurrency();
        if (refusal == null && job.spec().recorded() && open.running(job.id()) >= max) {
            refusal = SkipReason.CONCURRENCY;
        }
        Parts parts = null;
        if (refusal == null && job.spec().route().addressed()) {
            Addressing.Choice choice = workerId == null ? addressing.choose(job) : addressing.only(job, workerId);
            parts = choice.parts();
            refusal = choice.refusal();
        }
        if (refusal != null) {
            return new Result(0, refusal);
        }
        long id = ids.block(1 + (parts == null ? 0 : parts.size()));
        Fire fire = new Fire(Fire.NO_SLOT, job, instant(0), id, RunTrigger.MANUAL, false, args, 0, parts);
        if (job.spec().recorded()) {
            fire = claimed(fire);
            if (fire == null) {
                return new Result(0, SkipReason.NO_LEADER);
            }
        }
        Answer answer = new Answer();
        sender.send(fire, max, answer);
        sender.flush();
        return answer.await().map(reason -> withdrawn(answer, reason)).orElse(new Result(fire.runId(), null));
    }

    /** An instant that no fire by cron can have, and no earlier manual run of the job (docs/rules.md 35). */
    private long instant(int tries) {
        long at = time.millis() + tries;
        return at % 1_000 == 0 ? at + 1 : at;
    }

    /** With its row; null where the term is not this leader's any more. */
    private Fire claimed(Fire wanted) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            long at = tries == 0 ? wanted.fireAt() : instant(tries);
            long deadline = at + wanted.job().spec().limits().timeoutMillis();
            Fire fire = new Fire(wanted.slot(), wanted.job(), at, wanted.runId(), wanted.trigger(), false, wanted.args(), deadline, wanted.parts());
            try {
                return insert(fire) ? fire : null;
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.COMMIT_UNKNOWN) {
                    if (readBack(fire)) {
                        return fire;
                    }
                } else if (e.kind() != StoreException.Kind.DUPLICATE) {
                    throw e;
                }
            }
        }
        throw new StoreException(StoreException.Kind.REJECTED, "no free fire time for a manual run of job " + wanted.job().id() + " within a second");
    }

    private boolean insert(Fire fire) {
        NewRun row = new NewRun(fire.runId(), fire.job().id(), fire.job().version(), RunNames.of(fire.job()), fire.trigger(), fire.fireAt(), 1,
                fire.storedDeadline(), fire.args(), fire.job().spec().route().category().firstStep(), fire.parts());
        return database.write(Priority.CLAIM, sql -> {
            if (!LeaderTable.fence(sql, term.number())) {
                return false;
            }
            RunTable.insert(sql, term.number(), List.of(row));
            return true;
        });
    }

    /** Whether the row is there though its commit was not answered (docs/rules.md 5); if not, it surely never will be. */
    private boolean readBack(Fire fire) {
        try {
            // As a write, behind the lost one: a mere read could come before its commit.
            return database.write(Priority.CLAIM, sql -> {
                LeaderTable.behindOthers(sql);
                return RunTable.known(sql, List.of(fire.runId())).containsKey(fire.runId());
            });
        } catch (StoreException e) {
            sender.leaveToDeadline(fire, SkipReason.DB_DOWN);
            throw new StoreException(StoreException.Kind.COMMIT_UNKNOWN, "whether the row of run " + fire.runId() + " was written is not known: " + e.getMessage(), e);
        }
    }

    /**
     * It was not sent: its row goes. One that cannot go now ends at its deadline. Where another server leads by now the run is that one's, and
     * it may send it (docs/rules.md 6 and 17): nobody may think that it was refused.
     */
    private Result withdrawn(Answer answer, SkipReason reason) {
        Fire unsent = answer.refused;
        if (unsent.recorded()) {
            try {
                boolean dropped = database.write(Priority.CLAIM, sql -> LeaderTable.fence(sql, term.number())
                        && RunTable.drop(sql, term.number(), List.of(unsent.runId())) == 1);
                if (!dropped) {
                    return new Result(unsent.runId(), null);
                }
            } catch (StoreException e) {
                LOG.warn("the row of a manual run that was not sent could not be removed", "run", unsent.runId(), "why", e.getMessage());
                sender.leaveToDeadline(unsent, reason);
            }
        }
        return new Result(0, reason);
    }

    /** Waits for JetStream's word; on memory subjects it comes with the PONG. */
    private static final class Answer implements Outcome {
        private final CompletableFuture<Optional<SkipReason>> reason = new CompletableFuture<>();
        private volatile Fire refused;

        @Override
        public void sent(Fire fire) {
            reason.complete(Optional.empty());
        }

        @Override
        public void unconfirmed(Fire fire) {
            reason.complete(Optional.empty());
        }

        @Override
        public void refused(Fire fire, SkipReason why) {
            refused = fire;
            reason.complete(Optional.of(why));
        }

        /** Why it was not sent, or nothing; an answer that does not come in time means that it may have been. */
        private Optional<SkipReason> await() {
            try {
                return reason.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
