package io.natsjob.protocol;

/** What a value under a result key turned out to be. */
public sealed interface Parsed permits Answer, Parsed.Ignored {
    /**
     * Not an answer: it changes nothing and is counted.
     *
     * @param reason one of the words below, for the count and the log
     */
    record Ignored(String reason) implements Parsed {}

    /** No bytes, or only white space: also what the original writes under a key before it publishes. */
    Ignored EMPTY = new Ignored("empty");
    /** Looks like JSON and is not, or is nested too deep. */
    Ignored MALFORMED = new Ignored("malformed");
    /** Larger than {@link Answer#MAX_BYTES}. */
    Ignored TOO_LARGE = new Ignored("too-large");
    /** The state is none that a worker may give, or missing. */
    Ignored UNKNOWN_STATE = new Ignored("unknown-state");
    /** {@code success:next} for something other than the first step of a map. */
    Ignored MISPLACED_NEXT = new Ignored("misplaced-next");
    /** Only the server ends a run as expired. */
    Ignored EXPIRED_BY_WORKER = new Ignored("expired-by-worker");
}
