/**
 * The program: command line, composition, and what runs while this server leads.
 *
 * <p>{@link io.natsjob.Server} alone makes long-lived objects; {@link io.natsjob.LeaderTerm} makes those of one term and throws them away after it.
 * Guaranteed: a start that fails leaves no thread and no lock behind; a clean stop ends with status 0 after what was claimed is sent and what was
 * answered is written. Not guaranteed: that a stop is quick while NATS or the database hangs; it gives up after about 40 s.
 *
 * <p>Threads: {@code leader} takes and gives up the lead; {@code nats-setup} makes stream and buckets; requests come on the web's threads.
 */
package io.natsjob;
