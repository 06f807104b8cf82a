package io.natsjob.store;

/**
 * A database that does not work.
 *
 * @param reason      in plain words; for people who are logged in, since it names file or host
 * @param diskFull    its disk has no room left
 * @param sinceMillis epoch milliseconds of the first failure
 */
public record Outage(String reason, boolean diskFull, long sinceMillis) {}
