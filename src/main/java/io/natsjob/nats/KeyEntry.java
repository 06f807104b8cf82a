package io.natsjob.nats;

import java.util.Map;

/**
 * The newest entry of a key, as the leader of its stream has it.
 *
 * @param removed     a marker: the key was deleted or purged
 * @param headers     by name, the first value of each
 * @param revision    of the entry, for a compare-and-set
 * @param natsMillis  epoch milliseconds at which NATS took it, by NATS' clock
 */
public record KeyEntry(String key, String value, boolean removed, Map<String, String> headers, long revision, long natsMillis) {
    public KeyEntry {
        headers = Map.copyOf(headers);
    }
}
