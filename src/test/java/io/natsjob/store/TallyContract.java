package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must answer about counts. */
abstract class TallyContract {
    static final long HOUR = Tally.HOUR_MILLIS;
    static final long FIRST = 1_700_000_000_000L / HOUR * HOUR;
    Database database;

    abstract Database open();

    void drop() {}

    @BeforeEach
    void openDatabase() {
        database = open();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
        drop();
    }

    void add(int writer, List<Tally> tallies) {
        database.write(Priority.ANSWERS, sql -> {
            TallyTable.add(sql, writer, tallies);
            return null;
        });
    }

    Optional<Tally> lastSkip(long job) {
        return database.read(sql -> TallyTable.lastSkip(sql, job));
    }

    @Test
    void the_last_skip_is_that_of_the_newest_fire_whatever_its_reason_and_writer() {
        add(1, List.of(Tally.one(7, "success", FIRST + 9 * HOUR), Tally.one(8, "missed", FIRST + 8 * HOUR)));
        assertEquals(Optional.empty(), lastSkip(7));
        add(1, List.of(Tally.one(7, "window", FIRST + 1), Tally.one(7, "missed", FIRST + HOUR + 5)));
        assertEquals(Optional.of(Tally.one(7, "missed", FIRST + HOUR + 5)), lastSkip(7));
        add(2, List.of(Tally.one(7, "missed", FIRST + HOUR + 7)));
        add(1, List.of(Tally.one(7, "concurrency", FIRST + HOUR + 6)));
        assertEquals(Optional.of(Tally.one(7, "missed", FIRST + HOUR + 7)), lastSkip(7));
        add(1, List.of(Tally.one(7, "db-down", FIRST + 2 * HOUR)));
        assertEquals(Optional.of(Tally.one(7, "db-down", FIRST + 2 * HOUR)), lastSkip(7));
        assertEquals(Optional.of(Tally.one(8, "missed", FIRST + 8 * HOUR)), lastSkip(8));
        assertEquals(Optional.empty(), lastSkip(9));
    }

    @Test
    void a_range_of_hours_and_the_sums_are_those_of_all_writers() {
        List<Tally> tallies = new ArrayList<>();
        for (int hour = 0; hour < 50; hour++) {
            tallies.add(Tally.one(7, "success", FIRST + hour * HOUR));
            tallies.add(Tally.one(7, "missed", FIRST + hour * HOUR + 1));
        }
        add(1, tallies);
        add(2, tallies);
        List<Tally> range = database.read(sql -> TallyTable.of(sql, 7, FIRST + 10 * HOUR, FIRST + 12 * HOUR));
        assertEquals(List.of(new Tally(7, FIRST + 10 * HOUR, "missed", 2, FIRST + 10 * HOUR + 1), new Tally(7, FIRST + 10 * HOUR, "success", 2, FIRST + 10 * HOUR),
                new Tally(7, FIRST + 11 * HOUR, "missed", 2, FIRST + 11 * HOUR + 1), new Tally(7, FIRST + 11 * HOUR, "success", 2, FIRST + 11 * HOUR)), range);
        assertEquals(Map.of("success", 20L, "missed", 20L), database.read(sql -> TallyTable.totals(sql, null, FIRST + 40 * HOUR)));
    }
}
