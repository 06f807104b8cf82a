package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The places of a pool; their sessions are never opened here. */
@Timeout(60)
final class PoolTest {
    private final SettableClock clock = new SettableClock(1_000_000);

    private Pool pool(int size) {
        Dialect none = new SqliteDialect(Path.of("never-opened.db"), 1);
        List<Session> sessions = IntStream.range(0, size).mapToObj(i -> new Session(none, true, clock, TimeLimits.DEFAULT)).toList();
        return new Pool("test", sessions, clock, priority -> priority == Priority.CLAIM ? 0 : 1);
    }

    @Test
    void a_borrower_that_holds_its_place_for_over_30_s_is_told_once_with_its_stack() {
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        Log.Sink before = Log.setSink(new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return true;
            }

            @Override
            public void write(LogLine line) {
                lines.add(line);
            }
        });
        try {
            Pool pool = pool(2);
            Slot slot = pool.borrow(Priority.EDIT, 0);
            clock.set(1_030_000);
            pool.tellLeaks();
            assertEquals(List.of(), lines);
            clock.set(1_031_000);
            pool.tellLeaks();
            pool.tellLeaks();
            assertEquals(1, lines.size());
            assertEquals("a database connection is held for too long", lines.getFirst().message());
            assertTrue(lines.getFirst().fields().toString().contains("PoolTest.a_borrower_that_holds_its_place"), lines.toString());
            pool.giveBack(slot);
            pool.borrow(Priority.EDIT, 0);
            pool.tellLeaks();
            assertEquals(1, lines.size(), "borrowed anew");
        } finally {
            Log.setSink(before);
        }
    }

    @Test
    void the_last_place_is_for_claims_and_the_message_counts() {
        Pool pool = pool(2);
        Slot edit = pool.borrow(Priority.EDIT, 0);
        String message = assertThrows(StoreException.class, () -> pool.borrow(Priority.EDIT, 1)).getMessage();
        assertTrue(message.contains("(2 in all, 1 active, 1 idle, 1 waiting)"), message);
        Slot claim = pool.borrow(Priority.CLAIM, 0);
        message = assertThrows(StoreException.class, () -> pool.borrow(Priority.CLAIM, 1)).getMessage();
        assertTrue(message.contains("(2 in all, 2 active, 0 idle, 1 waiting)"), message);
        pool.giveBack(claim);
        pool.giveBack(edit);
        assertSame(edit, pool.borrow(Priority.EDIT, 0), "the one used last");
    }

    @Test
    void waiters_are_served_by_priority_and_then_by_arrival() throws InterruptedException {
        Pool pool = pool(2);
        Slot claim = pool.borrow(Priority.CLAIM, 0);
        Slot other = pool.borrow(Priority.CLAIM, 0);
        List<String> served = new CopyOnWriteArrayList<>();
        List<Thread> waiters = new ArrayList<>();
        for (Priority priority : List.of(Priority.RETENTION, Priority.EDIT, Priority.CLAIM)) {
            for (int n = 1; n <= 2; n++) {
                String name = priority + "-" + n;
                waiters.add(Thread.startVirtualThread(() -> {
                    Slot slot = pool.borrow(priority, 30_000);
                    served.add(name);
                    pool.giveBack(slot);
                }));
                while (pool.waiting() < waiters.size()) {
                    Thread.onSpinWait();
                }
            }
        }
        pool.giveBack(claim);
        waiters.get(4).join();
        waiters.get(5).join();
        assertEquals(List.of("CLAIM-1", "CLAIM-2"), served, "the others leave the last place");
        pool.giveBack(other);
        for (Thread waiter : waiters) {
            waiter.join();
        }
        assertEquals(List.of("CLAIM-1", "CLAIM-2", "EDIT-1", "EDIT-2", "RETENTION-1", "RETENTION-2"), served);
        assertEquals(0, pool.waiting());
    }

    @Test
    void closing_refuses_who_waits_and_who_comes_and_waits_for_what_is_out() throws InterruptedException {
        Pool pool = pool(1);
        Slot held = pool.borrow(Priority.CLAIM, 0);
        List<String> refusals = new CopyOnWriteArrayList<>();
        Thread waiter = Thread.startVirtualThread(() ->
                refusals.add(assertThrows(StoreException.class, () -> pool.borrow(Priority.CLAIM, 30_000)).getMessage()));
        while (pool.waiting() == 0) {
            Thread.onSpinWait();
        }
        assertFalse(pool.close(1), "one is out");
        waiter.join();
        assertEquals(List.of("the database is closing: the work was withdrawn before it began"), refusals);
        assertEquals("the database is closed", assertThrows(StoreException.class, () -> pool.borrow(Priority.CLAIM, 0)).getMessage());
        pool.giveBack(held);
        assertTrue(pool.close(0));
    }

    @Test
    void an_interrupted_waiter_withdraws_and_keeps_its_flag() {
        Pool pool = pool(1);
        Slot held = pool.borrow(Priority.CLAIM, 0);
        Thread.currentThread().interrupt();
        String message = assertThrows(StoreException.class, () -> pool.borrow(Priority.CLAIM, 30_000)).getMessage();
        assertTrue(Thread.interrupted());
        assertTrue(message.startsWith("interrupted: "), message);
        pool.giveBack(held);
        pool.giveBack(pool.borrow(Priority.CLAIM, 0));
    }
}
