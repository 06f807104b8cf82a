package io.natsjob.cluster;

import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Outage;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import java.util.function.Function;

/** A real database in which something happens just before each durable write: another server raises the term, unless a test says else. */
class OvertakenDatabase implements Database {
    private final Database real;

    OvertakenDatabase(Database real) {
        this.real = real;
    }

    @Override
    public <T> T read(Function<Sql, T> work) {
        return real.read(work);
    }

    @Override
    public <T> T write(Priority priority, Function<Sql, T> work) {
        return real.write(priority, work);
    }

    @Override
    public <T> T writeDurably(Priority priority, Function<Sql, T> work) {
        meanwhile();
        return real.writeDurably(priority, work);
    }

    void meanwhile() {
        real.write(Priority.EDIT, sql -> LeaderTable.raiseTerm(sql, LeaderTable.read(sql).term()));
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
        return real.outage();
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
