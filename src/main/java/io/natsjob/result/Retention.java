package io.natsjob.result;

import io.natsjob.cluster.RunIds;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StepTable;
import io.natsjob.store.StoreException;
import io.natsjob.store.TallyTable;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Deletes runs, steps and tallies whose time is over, in chunks so small that nobody waits long behind one, then gives free space back.
 * Never an unfinished run.
 */
public final class Retention implements AutoCloseable {
    /** Rows in one transaction. */
    static final int CHUNK = 500;
    private static final long ROUND_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Between chunks, so that retention takes a small share of the database only. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Log LOG = Log.of("result");

    private final Database database;
    private final Duration runs;
    private final Duration tallies;
    private final SteadyTime time;
    /** The last step that was looked at in this round. */
    private long stepsFrom;
    private final Loop loop = Loop.onVirtualThread("retention", this::turn);

    public Retention(Database database, Duration runs, Duration tallies, SteadyTime time) {
        this.database = database;
        this.runs = runs;
        this.tallies = tallies;
        this.time = time;
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        try {
            return chunk() || database.giveBackSpace() ? PAUSE_NANOS : ROUND_NANOS;
        } catch (StoreException e) {
            LOG.debug("retention waits for the database", "why", e.getMessage());
            return ROUND_NANOS;
        }
    }

    /** One chunk of each table; true while there is more. */
    boolean chunk() {
        long runsBefore = time.millis() - runs.toMillis();
        long talliesBefore = time.millis() - tallies.toMillis();
        int deleted = delete(sql -> RunTable.deleteEnded(sql, RunIds.floor(runsBefore), runsBefore, CHUNK));
        int talliesDeleted = delete(sql -> TallyTable.deleteBefore(sql, talliesBefore, CHUNK));
        delete(sql -> ParkedTable.deleteBefore(sql, talliesBefore));
        // Runs first: a step stays as long as its run does, and one without a run as long as runs stay.
        stepsFrom = database.write(Priority.RETENTION, sql -> StepTable.deleteOrphans(sql, stepsFrom, RunIds.floor(runsBefore), CHUNK));
        return deleted >= CHUNK || talliesDeleted == CHUNK || stepsFrom > 0;
    }

    private int delete(ToIntFunction<Sql> statement) {
        return database.write(Priority.RETENTION, statement::applyAsInt);
    }
}
