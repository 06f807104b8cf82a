package io.natsjob.store;

import io.natsjob.time.Clock;

/** A clock that stands until it is set; both clocks move together. */
final class SettableClock implements Clock {
    private volatile long millis;

    SettableClock(long millis) {
        this.millis = millis;
    }

    void set(long newMillis) {
        millis = newMillis;
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public long nanos() {
        return millis * 1_000_000;
    }
}
