package io.natsjob.trigger;

import io.natsjob.store.Database;
import io.natsjob.store.Outage;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreException.Kind;
import java.util.function.Function;
import java.util.function.Supplier;

/** A real database whose answers get lost or that is away, as the test says. Used by one thread. */
final class FailingDatabase implements Database {
    /** What becomes of a write. */
    enum Fate { DONE, AWAY, LOST_BEFORE_COMMIT, LOST_AFTER_COMMIT }

    private final Database real;
    private Supplier<Fate> fates = () -> Fate.DONE;
    private boolean away;
    /** Only what need not be durable fails. */
    boolean awayForPlainWrites;
    int durableWrites;
    int writes;

    FailingDatabase(Database real) {
        this.real = real;
    }

    /** Asked before each write. */
    void fates(Supplier<Fate> next) {
        fates = next;
    }

    /** The next writes in turn; those behind them are done. */
    void fates(Fate... next) {
        int[] at = {0};
        fates = () -> at[0] < next.length ? next[at[0]++] : Fate.DONE;
    }

    void away(boolean now) {
        away = now;
    }

    @Override
    public <T> T read(Function<Sql, T> work) {
        if (away) {
            throw new StoreException(Kind.UNAVAILABLE, "away for a test");
        }
        return real.read(work);
    }

    @Override
    public <T> T write(Priority priority, Function<Sql, T> work) {
        if (awayForPlainWrites) {
            throw new StoreException(Kind.UNAVAILABLE, "away for a test");
        }
        return write(() -> real.write(priority, work));
    }

    /** Without the sync: no test here cuts the power. */
    @Override
    public <T> T writeDurably(Priority priority, Function<Sql, T> work) {
        T result = write(() -> real.write(priority, work));
        durableWrites++;
        return result;
    }

    private <T> T write(Supplier<T> work) {
        switch (away ? Fate.AWAY : fates.get()) {
            case AWAY -> throw new StoreException(Kind.UNAVAILABLE, "away for a test");
            case LOST_BEFORE_COMMIT -> throw new StoreException(Kind.COMMIT_UNKNOWN, "lost for a test, not committed");
            case LOST_AFTER_COMMIT -> {
                work.get();
                writes++;
                throw new StoreException(Kind.COMMIT_UNKNOWN, "lost for a test, committed");
            }
            case DONE -> writes++;
        }
        return work.get();
    }

    @Override
    public int parallelBatches() {
        return real.parallelBatches();
    }

    @Override
    public int batchRows() {
        return real.batchRows();
    }

    @Override
    public void claimDueAt(long millis) {
        real.claimDueAt(millis);
    }

    @Override
    public Outage outage() {
        return away ? new Outage("away for a test", false, 0) : real.outage();
    }

    @Override
    public String describe() {
        return real.describe();
    }

    @Override
    public void close() {
        real.close();
    }
}
