package io.natsjob.result;

import io.natsjob.cluster.RunIds;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.TallyTable;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Deletes runs and tallies whose time is over, in chunks so small that nobody waits long behind one ({@link ChunkPace}), then gives free space back.
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
    private final ChunkPace runPace = new ChunkPace();
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
        return moreRuns || moreTallies;
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
        boolean more = deleted == rows;
        deletedTo = more ? to[0] : 0; // the next sweep begins anew: runs that were open may have ended
        return more;
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
