package io.natsjob.trigger;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import io.natsjob.job.Job;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.MissedFire;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the database of a {@link World} tells. */
abstract class Books {
    final FailingDatabase database;

    Books(FailingDatabase database) {
        this.database = database;
    }

    Marks marks() {
        return database.read(LeaderTable::read);
    }

    /** By outcome, over all hours. */
    Map<String, Long> tallies(Job job) {
        return database.read(sql -> TallyTable.of(sql, job.id(), 0, Long.MAX_VALUE)).stream().collect(groupingBy(Tally::outcome, summingLong(Tally::count)));
    }

    long tallied(Job job) {
        return tallies(job).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Fire times of its rows. */
    List<Long> rows(Job job) {
        return database.read(sql -> sql.list("SELECT fire_at FROM natsjob_run WHERE job_id = ? ORDER BY fire_at", row -> row.longAt(1), job.id()));
    }

    /** Fires of a job that wait to be made up. */
    List<Long> queued(Job job) {
        return database.read(sql -> MisfireTable.first(sql, 100_000)).stream().filter(fire -> fire.jobId() == job.id()).map(MissedFire::fireAt).toList();
    }

    /** Fire times of its rows that make up a missed fire. */
    List<Long> madeUp(Job job) {
        return database.read(sql -> sql.list("SELECT fire_at FROM natsjob_run WHERE job_id = ? AND trigger_kind = 'misfire' ORDER BY fire_at",
                row -> row.longAt(1), job.id()));
    }

    Optional<Pause> pauseOfAll() {
        return database.read(PauseTable::all).stream().filter(pause -> pause.namespaceId() == PauseTable.ALL).findFirst();
    }
}
