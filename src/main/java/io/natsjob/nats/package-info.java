/**
 * The way to NATS: two links that come back by themselves, the stream and the buckets, the readers of answers and steps.
 *
 * <p>Guarantees: nothing published on a link is kept for a later connection (docs/rules.md 18); the reader hands on every
 * entry of its bucket, or message of its subject, in order, over cuts, restarts and re-creation; an asynchronous error never stops anything. Every call
 * that waits has a limit. No type of the NATS client leaves this package. Not guaranteed: what a server had received before
 * it froze may still be delivered when it wakes up; a stream that lost acknowledged messages in a crash and has grown past
 * the reader's position since then looks whole.
 *
 * <p>Threads: each link has one that dials and one for callbacks, each reader one that reads and calls its sink, all virtual,
 * beside those of the client. Public methods may be called from any thread.
 */
package io.natsjob.nats;
