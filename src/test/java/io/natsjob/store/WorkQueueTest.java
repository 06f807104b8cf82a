package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.time.Clock;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {
    private final WorkQueue queue = new WorkQueue();

    private static Work<Void> work(Priority priority) {
        return new Work<>(priority, false, sql -> null);
    }

    @Test
    void a_full_queue_refuses_more_and_says_so() {
        Work<Void> first = work(Priority.CLAIM);
        queue.put(first);
        for (int i = 1; i < WorkQueue.MAX_WAITING; i++) {
            queue.put(work(Priority.ANSWERS));
        }
        StoreException full = assertThrows(StoreException.class, () -> queue.put(work(Priority.CLAIM)));
        assertEquals(StoreException.Kind.UNAVAILABLE, full.kind());
        assertTrue(full.getMessage().contains("10000 pieces of work are waiting"), full.getMessage());
        queue.remove(first);
        queue.put(work(Priority.CLAIM));
    }

    @Test
    void work_removed_twice_frees_one_place() {
        Work<Void> work = work(Priority.EDIT);
        queue.put(work);
        queue.put(work(Priority.EDIT));
        queue.remove(work);
        queue.remove(work);
        assertEquals(1, queue.size());
    }

    @Test
    void a_closed_queue_hands_out_what_waits_and_then_ends() {
        Work<Void> work = work(Priority.RETENTION);
        queue.put(work);
        queue.close();
        assertThrows(StoreException.class, () -> queue.put(work(Priority.CLAIM)));
        assertSame(work, queue.take());
        assertNull(queue.take());
    }

    @Test
    void refused_work_cannot_begin_and_its_caller_gets_the_reason() {
        Work<Void> work = work(Priority.EDIT);
        work.refuse(new StoreException(StoreException.Kind.UNAVAILABLE, "closing"));
        assertFalse(work.begin());
        assertEquals("closing", assertThrows(StoreException.class, () -> work.await(TimeLimits.DEFAULT, true, () -> {}, new Health(Clock.system()))).getMessage());
    }
}
