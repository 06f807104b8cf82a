/**
 * Cron: a text and a time zone become a {@link io.natsjob.cron.Schedule}, which answers with the next instant.
 *
 * <p>Guaranteed: the grammar and the answers of docs/cron.md; every answer is a whole second strictly later than the question; no
 * text costs more than linear time to read, and no question more than a few dozen months and changes of the zone's offset.
 *
 * <p>Not guaranteed: that two releases of the zone data agree about a fire; and nothing here knows the present time, waits, or fires
 * anything. Schedules are immutable and may be used by all threads without locks. Imports nothing but the JDK.
 */
package io.natsjob.cron;
