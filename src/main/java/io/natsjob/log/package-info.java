/**
 * Log lines of the server: console and {@code logs/app.log}, as text or JSON.
 *
 * <p>Guarantees: a caller of {@link io.natsjob.log.Log} never waits for a disk or a terminal and never gets an exception; lines
 * of one thread keep their order; no value can forge a line, since control characters are escaped. Not guaranteed: that
 * every line is written (8,192 may wait, further ones are dropped and counted), nor the file's size (it only grows).
 * Callers use any thread; one daemon thread, {@code log-writer}, writes.
 */
package io.natsjob.log;
