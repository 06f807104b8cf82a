package io.natsjob.store;

/**
 * The leader's row (docs/rules.md 1). Marks are epoch milliseconds.
 *
 * @param term         counts up with each take-over
 * @param claimed      fires up to here have their row
 * @param settled      fires up to here are sent or counted
 * @param oldestOpenId no run below this id is open
 * @param changeSeq    number of the newest edit
 */
public record Marks(long term, long claimed, long settled, long oldestOpenId, long changeSeq) {}
