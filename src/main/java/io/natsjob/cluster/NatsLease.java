package io.natsjob.cluster;

import io.natsjob.nats.KeyEntry;
import io.natsjob.nats.LeaderBucket;
import io.natsjob.nats.NatsException;
import io.natsjob.protocol.LeaderKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The lease in NATS' bucket {@code natsjob-lb}: plain server id as value, the rest as headers (docs/protocol.md). */
public final class NatsLease implements LeasePort {
    private static final long SETTLE_MILLIS = 50;
    /** Such a NATS may acknowledge two writers at once; one of them has vanished by then. */
    private static final long UNSAFE_SETTLE_MILLIS = 300;
    private static final long MIN_LEASE_MILLIS = 1_000;

    private final LeaderBucket bucket;
    private final String key;
    private final String clockKey;

    /** @param namespace of this group of servers */
    public NatsLease(LeaderBucket bucket, String namespace, String serverId) {
        this.bucket = bucket;
        this.key = LeaderKey.lease(namespace);
        this.clockKey = LeaderKey.clock(serverId);
    }

    @Override
    public Optional<LeaseEntry> read() {
        return asked(() -> bucket.find(key)).map(NatsLease::lease);
    }

    @Override
    public long put(String holder, LeaseMark mark, long expected) {
        return asked(() -> bucket.put(key, holder, headers(mark), expected));
    }

    @Override
    public void release(LeaseMark mark, long expected) {
        asked(() -> bucket.remove(key, headers(mark), expected));
    }

    @Override
    public Map<String, LeaseEntry> others() {
        Map<String, LeaseEntry> others = new HashMap<>();
        for (String other : asked(() -> bucket.keys(LeaderKey.ALL))) {
            Optional<String> namespace = LeaderKey.namespaceOf(other);
            if (namespace.isPresent() && !other.equals(key)) {
                asked(() -> bucket.find(other)).map(NatsLease::lease).filter(entry -> !entry.released()).ifPresent(entry -> others.put(namespace.get(), entry));
            }
        }
        return others;
    }

    /** By writing an entry and asking when NATS took it: acknowledgements do not tell. */
    @Override
    public long natsMillis() {
        long revision = asked(() -> bucket.put(clockKey, ""));
        KeyEntry written = asked(() -> bucket.find(clockKey)).orElseThrow(() -> new Failure("NATS lost the entry that was to tell its time"));
        if (written.revision() != revision) {
            throw new Failure("another process writes under this server's id");
        }
        return written.natsMillis();
    }

    @Override
    public long settleMillis() {
        return bucket.unsafeCompareAndSet() ? UNSAFE_SETTLE_MILLIS : SETTLE_MILLIS;
    }

    private static <T> T asked(Supplier<T> request) {
        try {
            return request.get();
        } catch (NatsException e) {
            throw new Failure(e.getMessage());
        }
    }

    private static Map<String, String> headers(LeaseMark mark) {
        return Map.of(LeaderKey.LEASE_MILLIS, Long.toString(mark.leaseMillis()), LeaderKey.DATABASE, mark.database(), LeaderKey.DATABASE_LOCK, mark.lock(),
                LeaderKey.ACQUIRED, Long.toString(mark.acquired()));
    }

    private static LeaseEntry lease(KeyEntry entry) {
        // An original has no way to release but an empty value or a removal.
        boolean released = entry.removed() || entry.value().isBlank();
        return new LeaseEntry(entry.value().strip(), mark(entry.headers()), released, entry.revision(), entry.natsMillis());
    }

    /** Null for the entry of an original, and for one that cannot be read, which is given the same 30 s. */
    private static LeaseMark mark(Map<String, String> headers) {
        try {
            long millis = Math.clamp(Long.parseLong(headers.getOrDefault(LeaderKey.LEASE_MILLIS, "")), MIN_LEASE_MILLIS, LeaseTimes.ORIGINAL_MILLIS);
            return new LeaseMark(millis, headers.getOrDefault(LeaderKey.DATABASE, ""), headers.getOrDefault(LeaderKey.DATABASE_LOCK, ""),
                    Long.parseLong(headers.getOrDefault(LeaderKey.ACQUIRED, "0")));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
