package io.natsjob.nats;

/**
 * A bucket's stream as its leader sees it.
 *
 * @param createdMillis which incarnation of the bucket: positions and purge marks of another one mean nothing (docs/rules.md 25)
 * @param createdText   the same as NATS writes it, to the nanosecond
 * @param firstSeq      of the oldest entry, last + 1 where there is none
 * @param lastSeq       of the newest entry ever put, removed or not
 * @param messages      entries now
 */
public record BucketState(long createdMillis, String createdText, long firstSeq, long lastSeq, long messages) {}
