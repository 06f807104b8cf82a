package io.natsjob.testkit;

import io.natsjob.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe from any thread. */
public final class ManualClock implements Clock {
    private final AtomicLong millis;
    private final AtomicLong nanos = new AtomicLong();

    /** Stands at the given wall time in epoch milliseconds; its monotonic time begins at 0. */
    public ManualClock(long millis) {
        this.millis = new AtomicLong(millis);
    }

    /** Stands at an instant like {@code 2026-03-01T00:00:00Z}. */
    public static ManualClock at(String instant) {
        return new ManualClock(Instant.parse(instant).toEpochMilli());
    }

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Lets time pass: both clocks move. The wall moves by whole milliseconds. */
    public void tick(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time cannot tick backwards: " + time + "; setWall jumps");
        }
        nanos.addAndGet(time.toNanos());
        millis.addAndGet(time.toMillis());
    }

    /** Someone sets the wall clock, in epoch milliseconds, forwards or backwards; monotonic time does not notice. */
    public void setWall(long epochMillis) {
        millis.set(epochMillis);
    }
}
