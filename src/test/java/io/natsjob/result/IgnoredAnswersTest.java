package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class IgnoredAnswersTest {
    @Test
    void each_reason_is_counted_and_logged_once_a_minute() {
        ManualClock clock = new ManualClock(1_000);
        IgnoredAnswers ignored = new IgnoredAnswers(new SteadyTime(clock));
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        Log.Sink before = Log.setSink(new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return true;
            }

            @Override
            public void write(LogLine line) {
                if (line.logger().equals("result")) {
                    lines.add(line);
                }
            }
        });
        try {
            for (int i = 0; i < 5; i++) {
                ignored.count("late", "key-" + i);
            }
            ignored.count("foreign", "other");
            assertEquals(2, lines.size(), "one line for each reason");
            clock.tick(Duration.ofMillis(59_999));
            ignored.count("late", "key-6");
            assertEquals(2, lines.size());
            clock.tick(Duration.ofMillis(1));
            ignored.count("late", "key-7");
            assertEquals(3, lines.size());
        } finally {
            Log.setSink(before);
        }
        assertEquals(Map.of("late", 7L, "foreign", 1L), ignored.counts());
        assertEquals("6", lines.getLast().fields().stream().filter(field -> field.key().equals("sinceLast")).findFirst().orElseThrow().value());
    }
}
