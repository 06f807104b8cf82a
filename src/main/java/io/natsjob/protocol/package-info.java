/**
 * The wire: every subject, stream, bucket, key and payload, built and parsed here and nowhere else (docs/protocol.md).
 *
 * <p>Guarantees: what is built parses back to an equal value; input of any shape ends in a value that says so, never in an
 * exception. Not guaranteed: that a parsed key or answer belongs to a run that exists; that is for its reader to find out.
 * Knows no connection, no database and no clock. Immutable or stateless; any thread.
 */
package io.natsjob.protocol;
