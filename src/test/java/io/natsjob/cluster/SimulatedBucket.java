package io.natsjob.cluster;

import io.natsjob.testkit.ManualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A register with a compare-and-set, as NATS keeps it, shared by the ports of several servers. One thread. */
final class SimulatedBucket {
    /** What happens on the way to the register and back: time passes, others act, the request or its answer is lost. */
    interface Way {
        default void request() {}

        default void answer() {}

        /** A request that throws now and is done later all the same. */
        default boolean late() {
            return false;
        }
    }

    final ManualClock clock;
    final Map<String, LeaseEntry> others = new HashMap<>();
    private final List<Runnable> late = new ArrayList<>();
    LeaseEntry entry;
    long revision;
    /** By which NATS' clock is ahead. */
    long natsAhead;

    SimulatedBucket(ManualClock clock) {
        this.clock = clock;
    }

    /** Somebody who asks for nothing: an original, or an operator. */
    void blindly(String holder, LeaseMark mark) {
        entry = new LeaseEntry(holder, mark, holder.isEmpty(), ++revision, clock.millis() + natsAhead);
    }

    void gone() {
        entry = null;
    }

    void otherGroup(String namespace, String holder, long acquired) {
        others.put(namespace, new LeaseEntry(holder, new LeaseMark(4_000, "other", "", acquired), false, ++revision, clock.millis()));
    }

    /** Writes that came late are done now, where their compare-and-set still holds. */
    void deliverLate() {
        List<Runnable> due = List.copyOf(late);
        late.clear();
        due.forEach(Runnable::run);
    }

    LeasePort port(Way way) {
        return new Port(way);
    }

    private final class Port implements LeasePort {
        private final Way way;

        Port(Way way) {
            this.way = way;
        }

        @Override
        public Optional<LeaseEntry> read() {
            way.request();
            Optional<LeaseEntry> now = Optional.ofNullable(entry);
            way.answer();
            return now;
        }

        @Override
        public long put(String holder, LeaseMark mark, long expected) {
            return write(holder, mark, expected);
        }

        @Override
        public void release(LeaseMark mark, long expected) {
            write("", mark, expected);
        }

        private long write(String holder, LeaseMark mark, long expected) {
            if (way.late()) {
                late.add(() -> compareAndSet(holder, mark, expected));
                throw new Failure("no answer");
            }
            way.request();
            if (!compareAndSet(holder, mark, expected)) {
                throw new Failure("wrong last sequence (10071)");
            }
            long written = revision;
            way.answer();
            return written;
        }

        private boolean compareAndSet(String holder, LeaseMark mark, long expected) {
            boolean same = (entry == null ? 0 : entry.revision()) == expected;
            if (same) {
                blindly(holder, mark);
            }
            return same;
        }

        @Override
        public Map<String, LeaseEntry> others() {
            way.request();
            Map<String, LeaseEntry> now = Map.copyOf(others);
            way.answer();
            return now;
        }

        @Override
        public long natsMillis() {
            way.request();
            long millis = clock.millis() + natsAhead;
            way.answer();
            return millis;
        }

        @Override
        public long settleMillis() {
            return 50;
        }
    }
}
