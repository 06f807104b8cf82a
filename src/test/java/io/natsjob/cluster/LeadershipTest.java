package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/rules.md 9, 10, 14 and 31. */
class LeadershipTest {
    private static final long START = 1_772_359_200_500L;
    private final ManualClock clock = new ManualClock(START);
    private final SteadyTime time = new SteadyTime(clock);
    @TempDir
    Path folder;
    private Database database;
    private final AtomicLong tenure = new AtomicLong(1);
    /** Of a server that is alone. */
    private Leadership leadership;
    /** Of one with a lease. */
    private Leadership leased;

    @BeforeEach
    void open() {
        database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), Clock.system());
        leadership = new Leadership(database, time);
        leased = new Leadership(database, time, tenure::get);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Term led(long claimed, long settled) {
        database.write(Priority.EDIT, sql -> sql.update("UPDATE natsjob_leader SET claimed = ?, settled = ?", claimed, settled));
        return leadership.take().orElseThrow();
    }

    @Test
    void a_database_that_was_never_led_begins_now() {
        Term term = leadership.take().orElseThrow();
        assertEquals(1, term.number());
        assertEquals(START, term.takenAt());
        assertEquals(new Marks(1, START, START, 0, term.marks().changeSeq()), term.marks());
        assertEquals(term.marks(), database.read(LeaderTable::read));
    }

    @Test
    void each_term_is_one_more_and_the_former_is_held_no_longer() {
        Term first = leadership.take().orElseThrow();
        assertTrue(leadership.holds(first));
        Term second = leadership.take().orElseThrow();
        assertEquals(2, second.number());
        assertFalse(leadership.holds(first));
        leadership.stepDown(first, "late news of a former term");
        assertTrue(leadership.holds(second));
        leadership.stepDown(second, "for a test");
        assertFalse(leadership.leads());
        assertEquals(0, leadership.number());
    }

    @Test
    void another_server_that_was_faster_wins() {
        Database slow = new OvertakenDatabase(database);
        Optional<Term> taken = new Leadership(slow, time).take();
        assertEquals(Optional.empty(), taken);
        assertEquals(1, database.read(LeaderTable::read).term());
    }

    @Test
    void without_a_valid_lease_the_term_is_left_alone() {
        tenure.set(0);
        assertEquals(Optional.empty(), leased.take(0));
        assertEquals(0, database.read(LeaderTable::read).term());
    }

    @Test
    void the_term_is_raised_from_the_value_that_was_read_before_the_lease_was_taken() {
        leadership.take();
        assertEquals(Optional.empty(), leased.take(0), "another server has led since");
        assertEquals(1, database.read(LeaderTable::read).term());
        assertEquals(2, leased.take(1).orElseThrow().number());
    }

    @Test
    void a_lease_that_passes_while_the_term_is_raised_does_not_lead() {
        Database slow = new OvertakenDatabase(database) {
            @Override
            void meanwhile() {
                tenure.set(0);
            }
        };
        Leadership late = new Leadership(slow, time, tenure::get);
        assertEquals(Optional.empty(), late.take(0));
        assertFalse(late.leads());
        assertEquals(1, database.read(LeaderTable::read).term(), "the next one reads this");
    }

    @Test
    void the_lead_is_held_only_while_the_lease_is_valid_and_in_its_tenure() {
        Term term = leased.take(0).orElseThrow();
        assertTrue(leased.holds(term));
        tenure.set(0);
        assertFalse(leased.holds(term));
        assertFalse(leased.leads());
        assertEquals(0, leased.number());
        tenure.set(2);
        assertFalse(leased.holds(term), "another server may have led between the two tenures");
        assertTrue(leased.keeps(term));
    }

    @Test
    void a_term_that_still_stands_is_resumed_in_a_new_tenure() {
        Term term = leased.take(0).orElseThrow();
        tenure.set(0);
        assertFalse(leased.resume(term));
        tenure.set(2);
        assertTrue(leased.resume(term));
        assertTrue(leased.holds(term));
        assertEquals(1, leased.number());
    }

    @Test
    void a_term_that_another_has_raised_is_not_resumed() {
        Term term = leased.take(0).orElseThrow();
        leadership.take();
        tenure.set(2);
        assertFalse(leased.resume(term));
        assertFalse(leased.holds(term));
        leased.stepDown(term, "for a test");
        assertFalse(leased.keeps(term));
    }

    @Test
    void marks_are_taken_over_as_they_stand() {
        Term term = led(START + 700, START - 1_000);
        assertEquals(START + 700, term.marks().claimed());
        assertEquals(START - 1_000, term.marks().settled());
        assertEquals(START, term.takenAt());
    }

    @Test
    void claims_further_ahead_than_a_leader_makes_them_may_have_been_sent() {
        Term term = led(START + 5_000, START + 4_000);
        assertEquals(START + 5_000, term.takenAt());
        assertEquals(START + 5_000, term.marks().claimed());
    }

    @Test
    void a_claimed_mark_over_10_s_ahead_is_set_to_now_and_remembered_as_it_was_left() {
        Term term = led(START + 10_001, START + 9_000);
        assertEquals(START, term.marks().claimed());
        assertEquals(START, term.marks().settled());
        assertEquals(START + 10_001, term.left().claimed());
        assertEquals(START + 9_000, term.left().settled());
        assertEquals(START, term.takenAt());
    }
}
