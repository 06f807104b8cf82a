package io.natsjob.trigger;

/** A second on its way to be claimed. */
record Attempt(Tick tick, Claims claims) {
    Attempt(Tick tick) {
        this(tick, new Claims(tick.recorded()));
    }
}
