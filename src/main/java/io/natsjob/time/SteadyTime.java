package io.natsjob.time;

/**
 * The time that fires follow: start wall time plus monotonic time, so that a step of the wall clock neither repeats nor
 * swallows a second unseen (docs/rules.md 31). {@link #follow()} pulls it towards the wall clock: a small difference by at most
 * {@value #MAX_SLEW_MILLIS} ms a call, a jump of over {@value #JUMP_MILLIS} ms at once, and tells.
 */
public final class SteadyTime {
    public static final long JUMP_MILLIS = 2_000;
    static final long MAX_SLEW_MILLIS = 50;
    /** Both clocks are read one after the other and cut to milliseconds: below this a difference says nothing. */
    private static final long NOISE_MILLIS = 2;

    private final Clock clock;
    private final long originNanos;
    private volatile long baseMillis;

    public SteadyTime(Clock clock) {
        this.clock = clock;
        this.originNanos = clock.nanos();
        this.baseMillis = clock.millis();
    }

    /** Epoch milliseconds. */
    public long millis() {
        return baseMillis + (clock.nanos() - originNanos) / 1_000_000;
    }

    /** Nanoseconds from an arbitrary origin, untouched by the wall clock: only differences mean something. */
    public long nanos() {
        return clock.nanos();
    }

    /** Nanoseconds from now until {@code millis} on this clock, negative when it has passed. */
    public long nanosUntil(long millis) {
        return (millis - baseMillis) * 1_000_000 - (clock.nanos() - originNanos);
    }

    /** Compares with the wall clock, to be called about once a second by one thread; answers the jump in milliseconds, 0 if none. */
    public long follow() {
        long difference = clock.millis() - millis();
        if (Math.abs(difference) > JUMP_MILLIS) {
            baseMillis += difference;
            return difference;
        }
        if (Math.abs(difference) >= NOISE_MILLIS) {
            baseMillis += Math.clamp(difference, -MAX_SLEW_MILLIS, MAX_SLEW_MILLIS);
        }
        return 0;
    }
}
