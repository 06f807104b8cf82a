package io.natsjob.store;

import io.natsjob.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The life of a pool's connections: opened when first needed, asked before use once they were idle, asked now and then while
 * idle, and closed after {@value #LIFE_MINUTES} minutes (not all at once): servers, proxies and firewalls forget old ones.
 */
final class Connections {
    private static final int LIFE_MINUTES = 30;
    private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(LIFE_MINUTES);
    private static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Idle for so long, it is asked before it is used. */
    static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Pool pool;
    private final Clock clock;
    private final long keepAliveNanos;
    private volatile long distrustedAt;

    /** @param keepAliveMillis an idle connection is asked so often */
    Connections(Pool pool, Clock clock, long keepAliveMillis) {
        this.pool = pool;
        this.clock = clock;
        this.keepAliveNanos = TimeUnit.MILLISECONDS.toNanos(keepAliveMillis);
        this.distrustedAt = clock.nanos() - 1;
    }

    /** Before use, by the borrower: a connection that is not to be trusted is asked, and closed if it does not answer. */
    void before(Slot slot) {
        if (slot.session().connected() && (clock.nanos() - slot.trustedAt() > TRUSTED_NANOS || slot.trustedAt() <= distrustedAt)) {
            ask(slot);
        }
    }

    /** After use, by the borrower. One that broke makes those suspect that are idle meanwhile. */
    void after(Slot slot, boolean wasConnected) {
        if (slot.session().connected()) {
            slot.trust(clock.nanos());
        } else if (wasConnected) {
            distrustedAt = clock.nanos();
        }
    }

    /** Closes the old ones and asks those that were idle for long, one after the other while nobody waits. */
    void tend() {
        for (Slot slot = pool.borrowUnused(this::due); slot != null; slot = pool.borrowUnused(this::due)) {
            try {
                if (old(slot)) {
                    slot.session().close();
                } else {
                    ask(slot);
                }
            } finally {
                pool.giveBackUnused(slot);
            }
        }
    }

    private boolean due(Slot slot) {
        return slot.session().connected() && (old(slot) || clock.nanos() - slot.trustedAt() > keepAliveNanos);
    }

    private boolean old(Slot slot) {
        return slot.session().age() > LIFE_NANOS - slot.number() * SPREAD_NANOS;
    }

    private void ask(Slot slot) {
        if (slot.session().check()) {
            slot.trust(clock.nanos());
        } else {
            distrustedAt = clock.nanos();
        }
    }
}
