package io.natsjob.time;

import java.time.InstantSource;

/** The two clocks of the process: what time it is, and how much time has passed. Handed in, so that tests can tick. */
public interface Clock {
    /** Wall-clock time in epoch milliseconds; may jump in either direction. */
    long millis();

    /** Monotonic time in nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /** The clocks of this machine. */
    static Clock system() {
        InstantSource wall = InstantSource.system();
        return new Clock() {
            @Override
            public long millis() {
                return wall.millis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
