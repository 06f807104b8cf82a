package io.natsjob.protocol;

/**
 * How a worker ends the run that a message started. The three texts go together: all empty where nothing is to be ended.
 *
 * @param expireTime the deadline as {@link WireTime}
 * @param key        {@link ResultKey#text()}
 * @param bucket     where the key is put
 */
public record Ending(String expireTime, String key, String bucket) {
    /** For {@code lite} and {@code plus}: the worker answers nobody. */
    public static final Ending NONE = new Ending("", "", "");

    public static Ending by(String expireTime, ResultKey key) {
        return new Ending(expireTime, key.text(), Buckets.RESULTS);
    }
}
