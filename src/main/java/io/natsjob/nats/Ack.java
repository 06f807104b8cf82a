package io.natsjob.nats;

/**
 * The stream has stored the message. Not yet on disk: a power loss may still take it.
 *
 * @param duplicate the stream knew this message id already and stored nothing new, which counts as sent (docs/rules.md 16)
 */
public record Ack(long seq, boolean duplicate) {}
