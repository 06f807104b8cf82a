/**
 * Text to JSON values and back, on top of minimal-json, whose value types callers use directly.
 *
 * <p>Guarantees: bad text of any shape ends in one {@link io.natsjob.json.JsonException} with a position; nesting deeper
 * than 1,000 levels is refused, so no input overflows the stack; a number keeps its digits, so a 19-digit id survives.
 * Not guaranteed: a limit on size (callers cap the bytes before they parse) and unique member names (the last one wins).
 * Stateless; any thread.
 */
package io.natsjob.json;
