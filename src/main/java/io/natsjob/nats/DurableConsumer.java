package io.natsjob.nats;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;

/**
 * A durable pull consumer on stream {@code natsjob}: its making, its state, its end. Messages are acknowledged one by one.
 *
 * @param name   of the consumer
 * @param filter the only subject that it hands on
 */
record DurableConsumer(String stream, String name, String filter) {
    /** Nanoseconds: longer than a commit takes, so that nothing comes again while the database is well. */
    private static final long ACK_WAIT_NANOS = 30_000_000_000L;
    /** Two requests; the reader asks for the next when one is through. */
    private static final int MAX_ACK_PENDING = 2 * PullConsumer.BATCH;
    private static final int NO_CONSUMER = 10_014;

    /**
     * How far it is.
     *
     * @param delivered     messages handed out, redeliveries too
     * @param deliveredSeq  of the stream: the highest that was handed out
     * @param acknowledged  of the stream: everything up to here is acknowledged
     * @param open          handed out and not acknowledged
     * @param asked         requests that wait for messages
     */
    record State(long delivered, long deliveredSeq, long acknowledged, long open, long asked) {}

    /** Its state, or null where there is no such consumer. */
    State state(Live live) {
        return state(live, name);
    }

    /** The state of a consumer of this stream by its name, or null where there is none. */
    State state(Live live, String consumer) {
        try {
            JsonValue info = JsApi.call(live, "state of consumer " + consumer, "CONSUMER.INFO." + stream + "." + consumer, "", JsApi.LOOK_UP);
            JsonValue delivered = JsonValueUtils.readValue(info, "delivered");
            JsonValue floor = JsonValueUtils.readValue(info, "ack_floor");
            return new State(JsonValueUtils.readLong(delivered, "consumer_seq", 0), JsonValueUtils.readLong(delivered, "stream_seq", 0),
                    JsonValueUtils.readLong(floor, "stream_seq", 0), JsonValueUtils.readLong(info, "num_ack_pending", 0),
                    JsonValueUtils.readLong(info, "num_waiting", 0));
        } catch (NatsException e) {
            if (e.code() == NO_CONSUMER) {
                return null;
            }
            throw e;
        }
    }

    void make(Live live, long fromSeq) {
        String body = "{\"stream_name\":\"" + stream + "\",\"config\":{\"name\":\"" + name + "\",\"durable_name\":\"" + name
                + "\",\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":" + fromSeq + ",\"ack_policy\":\"explicit\",\"ack_wait\":" + ACK_WAIT_NANOS
                + ",\"max_deliver\":-1,\"max_ack_pending\":" + MAX_ACK_PENDING + ",\"filter_subject\":\"" + filter
                + "\",\"replay_policy\":\"instant\",\"max_waiting\":8,\"num_replicas\":0}}";
        JsApi.call(live, "consumer " + name, "CONSUMER.CREATE." + stream + "." + name + "." + filter, body, JsApi.LOOK_UP);
    }

    void delete(Live live) {
        JsApi.call(live, "end of consumer " + name, "CONSUMER.DELETE." + stream + "." + name, "", JsApi.LOOK_UP);
    }
}
