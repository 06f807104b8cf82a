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
 * Deletes runs, steps and tallies whose time is over, in chunks so small that nobody waits long behind one ({@link ChunkPace}), then gives
 * free space back.
 * Never an unfinished run.
 */
public final class Retention implements AutoCloseable {
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
    private final ChunkPace runPace = new ChunkPace();
    private final ChunkPace stepPace = new ChunkPace();
    private final ChunkPace tallyPace = new ChunkPace();
    /** The last id that this sweep has deleted. */
    private long deletedTo;
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
        boolean moreRuns = runs(runsBefore);
        int rows = tallyPace.rows();
        boolean moreTallies = delete(tallyPace, sql -> TallyTable.deleteBefore(sql, talliesBefore, rows)) == rows;
        database.write(Priority.RETENTION, sql -> ParkedTable.deleteBefore(sql, talliesBefore));
        // Runs first: a step stays as long as its run does, and one without a run as long as runs stay.
        return moreRuns | steps(runsBefore) | moreTallies;
    }

    private boolean runs(long before) {
        int rows = runPace.rows();
        long from = deletedTo;
        long[] to = {from};
        int deleted = delete(runPace, sql -> {
            RunTable.Deleted done = RunTable.deleteEnded(sql, from, RunIds.floor(before), before, rows);
            to[0] = done.lastId();
            return done.rows();
        });
        boolean more = deleted >= rows;
        deletedTo = more ? to[0] : 0; // the next sweep begins anew: runs that were open may have ended
        return more;
    }

    private boolean steps(long before) {
        int rows = stepPace.rows();
        long from = stepsFrom;
        long[] to = {from};
        delete(stepPace, sql -> {
            to[0] = StepTable.deleteOrphans(sql, from, RunIds.floor(before), rows);
            return to[0] > 0 ? rows : 0; // how many the last chunk of a round looked at is not told
        });
        stepsFrom = to[0];
        return stepsFrom > 0;
    }

    /** Times the work from its begin to its commit: the wait of the least urgent says nothing about the size of a chunk. */
    private int delete(ChunkPace pace, ToIntFunction<Sql> statement) {
        long[] begun = new long[1];
        int deleted = database.write(Priority.RETENTION, sql -> {
            begun[0] = time.nanos();
            return statement.applyAsInt(sql);
        });
        pace.took(time.nanos() - begun[0], deleted);
        return deleted;
    }
}
