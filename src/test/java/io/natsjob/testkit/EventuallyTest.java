package io.natsjob.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventuallyTest {
    @Test
    void returns_the_value_as_soon_as_it_is_accepted() {
        AtomicInteger calls = new AtomicInteger();
        assertEquals(3, Eventually.awaitValue("three", Duration.ofSeconds(10), calls::incrementAndGet, n -> n == 3));
        assertEquals(3, calls.get());
    }

    @Test
    void fails_with_what_was_awaited_and_what_was_seen_last() {
        AssertionError failure =
                assertThrows(AssertionError.class, () -> Eventually.awaitEqual("the answer", Duration.ofMillis(20), 42, () -> 41));
        assertTrue(failure.getMessage().contains("the answer is 42"), failure.getMessage());
        assertTrue(failure.getMessage().contains("last seen: 41"), failure.getMessage());
    }

    @Test
    void takes_an_exception_for_not_yet_and_keeps_it_as_the_cause() {
        AssertionError failure = assertThrows(AssertionError.class, () -> Eventually.awaitEqual("x", Duration.ofMillis(20), 1, () -> {
            throw new IOException("refused");
        }));
        assertEquals("refused", failure.getCause().getMessage());
    }
}
