package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import io.natsjob.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncErrorsTest {
    private final List<LogLine> lines = new ArrayList<>();
    private final Log.Sink before = Log.setSink(new Log.Sink() {
        @Override
        public boolean accepts(Level level) {
            return true;
        }

        @Override
        public void write(LogLine line) {
            lines.add(line);
        }
    });
    private final ManualClock clock = new ManualClock(0);
    private final AsyncErrors errors = new AsyncErrors("test", clock);

    @AfterEach
    void restore() {
        Log.setSink(before);
    }

    @Test
    void logs_each_kind_and_text_once_a_minute_and_counts_all() {
        for (int i = 0; i < 10; i++) {
            errors.report("error", "no right to a");
            errors.report("error", "no right to b");
        }
        assertEquals(2, lines.size());
        clock.tick(Duration.ofSeconds(59));
        errors.report("error", "no right to a");
        assertEquals(2, lines.size());
        clock.tick(Duration.ofSeconds(1));
        errors.report("error", "no right to a");
        assertEquals(3, lines.size());
        assertEquals(22, errors.count());
    }

    @Test
    void remembers_a_bounded_number_of_texts() {
        for (int i = 0; i < 256; i++) {
            errors.report("error", "text " + i);
        }
        errors.report("error", "text 0");
        assertEquals(256, lines.size());
        errors.report("error", "one more");
        errors.report("error", "text 0");
        assertEquals(258, lines.size());
    }

    @Test
    void says_nothing_of_an_attempt_that_failed_and_keeps_its_cause() throws InterruptedException {
        AsyncErrors.Attempt attempt = errors.attempt();
        IllegalStateException cause = new IllegalStateException("x");
        attempt.exceptionOccurred(null, cause);
        attempt.errorOccurred(null, "Authorization Violation");
        assertEquals(cause, attempt.seen());
        assertNull(errors.attempt().seen());
        assertEquals(0, errors.count());
        attempt.succeeded();
        attempt.exceptionOccurred(null, new IOException("Read channel closed"));
        assertEquals(0, errors.count());
        attempt.exceptionOccurred(null, cause);
        assertEquals(1, errors.count());
    }

    @Test
    void never_shows_a_login() {
        errors.report("exception", "cannot reach nats://user:sesame@host:4222");
        assertEquals(0, lines.stream().filter(l -> l.toString().contains("sesame")).count());
        assertEquals(1, lines.size());
    }

    @Test
    void a_refused_publish_is_shown_for_ten_minutes_and_no_longer_than_its_connection() {
        AsyncErrors.Attempt attempt = errors.attempt();
        attempt.succeeded();
        assertNull(errors.refusedSubject());
        attempt.errorOccurred(null, "Permissions Violation for Publish to \"natsjob-void.job.start.app.biz.report\"");
        assertEquals("natsjob-void.job.start.app.biz.report", errors.refusedSubject());
        clock.tick(Duration.ofMinutes(9));
        attempt.errorOccurred(null, "Permissions Violation for Publish to \"natsjob-void.job.start.app.biz.other\"");
        clock.tick(Duration.ofMinutes(10).minusNanos(1));
        assertEquals("natsjob-void.job.start.app.biz.other", errors.refusedSubject());
        clock.tick(Duration.ofNanos(1));
        assertNull(errors.refusedSubject());
        attempt.errorOccurred(null, "Permissions Violation for Publish to \"a\"");
        assertEquals("a", errors.refusedSubject());
        errors.attempt().succeeded();
        assertNull(errors.refusedSubject());
    }
}
