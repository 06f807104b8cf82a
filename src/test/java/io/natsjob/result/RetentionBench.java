package io.natsjob.result;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreOptions;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * How long a writer waits while {@link Retention} deletes: first the writer alone, then beside the deletion of all rows, then
 * beside the return of the free space: {@code java -cp ... io.natsjob.result.RetentionBench [rows] [folder]}. A wait is the time
 * from handing a write over to its begin; a whole write is that, its one row, and its commit.
 */
final class RetentionBench {
    private static final int BATCH = 500;
    private static final int JOBS = 200;
    private static final RunNames NAMES = new RunNames("app", "biz", "owner");
    private static final Duration ALONE = Duration.ofSeconds(15);
    private static final long DAY_MILLIS = 86_400_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final Database database;
    private final Path file;
    private final Clock clock = Clock.system();
    private long nextId;

    private RetentionBench(Database database, Path file) {
        this.database = database;
        this.file = file;
    }

    public static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Path folder = args.length > 1 ? Path.of(args[1]) : Files.createTempDirectory("retention-bench");
        Path file = folder.resolve("natsjob.db");
        try (Database database = Database.open(new StoreOptions("sqlite", file.toString(), 1), Clock.system())) {
            new RetentionBench(database, file).run(rows);
        }
    }

    private void run(int rows) throws IOException {
        long old = clock.millis() - 3 * DAY_MILLIS;
        for (int i = 0; i < rows; i += BATCH) {
            insertEnded(old, i);
        }
        System.out.printf("%,d rows, %,d MB%n", rows, Files.size(file) / 1_000_000);
        nextId = clock.millis() << 20;
        long end = clock.nanos() + ALONE.toNanos();
        measure("alone", () -> clock.nanos() < end);
        long begun = clock.nanos();
        try (Retention retention = new Retention(database, Duration.ofDays(1), Duration.ofDays(30), new SteadyTime(clock))) {
            retention.start();
            measure("while rows are deleted", () -> database.read(sql -> exists(sql, nextId - 1 - (DAY_MILLIS << 20))));
            System.out.printf("deleted in %.0f s%n", (clock.nanos() - begun) / 1e9);
            begun = clock.nanos();
            measure("while space is given back", () -> pages("freelist_count") > Math.max(256, pages("page_count") / 8));
            System.out.printf("given back in %.0f s%n", (clock.nanos() - begun) / 1e9);
        }
        System.out.printf("in the file: %,d MB, free: %,d MB%n", pages("page_count") * 4_096 / 1_000_000, pages("freelist_count") * 4_096 / 1_000_000);
    }

    private static boolean exists(Sql sql, long below) {
        return !sql.list("SELECT id FROM natsjob_run WHERE id < ? LIMIT 1", row -> row.longAt(1), below).isEmpty();
    }

    private long pages(String pragma) {
        return database.read(sql -> sql.one("PRAGMA " + pragma, row -> row.longAt(1))).orElseThrow();
    }

    private void insertEnded(long base, int from) {
        List<NewRun> runs = new ArrayList<>(BATCH);
        List<RunEnd> ends = new ArrayList<>(BATCH);
        for (int i = from; i < from + BATCH; i++) {
            long fireAt = base + i / JOBS;
            long id = (fireAt << 20) + i % JOBS;
            runs.add(new NewRun(id, 1_000 + i % JOBS, 1, NAMES, RunTrigger.CRON, fireAt, 1, fireAt + 60_000, "daily report of the shop", RunStep.MAIN, null));
            ends.add(new RunEnd(id, RunState.SUCCESS, "done", null, null, "worker-1", fireAt + 3, fireAt + 60_000, fireAt + 40));
        }
        database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, 1, runs);
            return RunTable.end(sql, ends);
        });
    }

    /** A result each millisecond or so, and a durable claim each hundredth time. */
    private void measure(String what, BooleanSupplier goesOn) {
        Samples results = new Samples("results", Priority.ANSWERS, false);
        Samples claims = new Samples("durable claims", Priority.CLAIM, true);
        for (int i = 0; i % 100 != 0 || goesOn.getAsBoolean(); i++) {
            (i % 100 == 50 ? claims : results).take();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        results.print(what);
        claims.print(what);
    }

    private final class Samples {
        private final String name;
        private final Priority priority;
        private final boolean durable;
        private final List<Long> waits = new ArrayList<>();
        private final List<Long> wholes = new ArrayList<>();

        Samples(String name, Priority priority, boolean durable) {
            this.name = name;
            this.priority = priority;
            this.durable = durable;
        }

        void take() {
            long id = nextId++;
            long handedOver = clock.nanos();
            Function<Sql, Long> work = sql -> {
                long begins = clock.nanos();
                Marks marks = LeaderTable.read(sql);
                RunTable.insert(sql, marks.term(), List.of(new NewRun(id, 7, 1, NAMES, RunTrigger.CRON, id, 1, id + 60_000, "", RunStep.MAIN, null)));
                return begins;
            };
            long begins = durable ? database.writeDurably(priority, work) : database.write(priority, work);
            wholes.add(clock.nanos() - handedOver);
            waits.add(begins - handedOver);
        }

        void print(String what) {
            waits.sort(null);
            wholes.sort(null);
            System.out.printf("%s, %s: %,d writes; wait p50 %.2f p99 %.2f max %.2f ms; whole p50 %.2f p99 %.2f max %.2f ms%n", what, name, waits.size(),
                    at(waits, 0.5), at(waits, 0.99), at(waits, 1), at(wholes, 0.5), at(wholes, 0.99), at(wholes, 1));
        }

        private static double at(List<Long> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share)) / 1e6;
        }
    }
}
