package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables of gaps and missed fires, the same on every database (docs/rules.md 34). */
abstract class MisfireContract {
    private Database database;

    abstract Database open();

    /** Removes what {@link #open} has made, after it was closed. */
    void drop() {}

    @BeforeEach
    void begin() {
        database = open();
    }

    @AfterEach
    void end() {
        if (database != null) { // where the server of the database is not installed the test did not begin
            database.close();
            drop();
        }
    }

    private <T> T write(Function<Sql, T> work) {
        return database.write(Priority.CLAIM, work);
    }

    private void add(Gap... gaps) {
        write(sql -> {
            GapTable.add(sql, List.of(gaps));
            return true;
        });
    }

    private void add(MissedFire... fires) {
        write(sql -> {
            MisfireTable.add(sql, List.of(fires));
            return true;
        });
    }

    @Test
    void gaps_are_kept_in_their_order_and_each_goes_on_from_its_own_cursor() {
        add(new Gap(true, 1_000, 9_000, "missed"), new Gap(false, 0, 9_000, "unknown"));
        add(new Gap(true, 9_000, 12_000, "nats-down"));
        List<Gap> all = database.read(GapTable::all);
        assertEquals(List.of(new Gap(1, true, 1_000, 9_000, "missed", 0), new Gap(2, false, 0, 9_000, "unknown", 0), new Gap(3, true, 9_000, 12_000, "nats-down", 0)), all);
        Gap second = all.get(1);
        assertEquals(true, write(sql -> GapTable.move(sql, second, 70)));
        assertEquals(false, write(sql -> GapTable.move(sql, second, 80)), "the cursor is elsewhere");
        assertEquals(false, write(sql -> GapTable.remove(sql, second)));
        assertEquals(true, write(sql -> GapTable.remove(sql, new Gap(2, false, 0, 9_000, "unknown", 70))));
        assertEquals(List.of(1L, 3L), database.read(GapTable::all).stream().map(Gap::id).toList());
    }

    @Test
    void missed_fires_leave_in_the_order_in_which_they_came() {
        MissedFire judged = new MissedFire(0, 5, 2_000, "missed", true);
        MissedFire waiting = new MissedFire(0, 4, 1_000, "nats-down", false);
        add(judged, waiting);
        add(judged);
        assertEquals(List.of(new MissedFire(1, 5, 2_000, "missed", true), new MissedFire(2, 4, 1_000, "nats-down", false)), database.read(sql -> MisfireTable.first(sql, 2)));
        assertEquals(List.of(2L), database.read(MisfireTable::unjudged).stream().map(MissedFire::id).toList());
        List<MissedFire> first = database.read(sql -> MisfireTable.first(sql, 2));
        assertEquals(2, this.<Integer>write(sql -> MisfireTable.remove(sql, first)).intValue());
        assertEquals(0, this.<Integer>write(sql -> MisfireTable.remove(sql, first)).intValue(), "they have left before");
        assertEquals(List.of(3L), database.read(sql -> MisfireTable.first(sql, 10)).stream().map(MissedFire::id).toList());
    }
}
