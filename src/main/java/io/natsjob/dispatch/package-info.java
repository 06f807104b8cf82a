/**
 * A claimed fire becomes a message: may it go (admission), where to (subject), out (publish), and what became of it (decision).
 *
 * <p>Guaranteed: whatever is handed to {@link io.natsjob.dispatch.Dispatcher} ends as exactly one decision: sent, or refused with a
 * reason that is counted; nothing is buffered for a later, late send. Not guaranteed: that a message on a memory subject
 * arrived. NATS confirms each batch with a PONG; without one the fire counts as unconfirmed.
 *
 * <p>Threads: the dispatcher's own (memory subjects), one for JetStream subjects with a bounded window of acknowledgements, one
 * that waits for PONGs; manual runs come on the threads of their callers.
 */
package io.natsjob.dispatch;
