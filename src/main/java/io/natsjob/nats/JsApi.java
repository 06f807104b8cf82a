package io.natsjob.nats;

import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to JetStream. Bodies are written exactly as the API names them: servers from 2.12 refuse unknown members. */
final class JsApi {
    /** For requests that only look something up. */
    static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final String PREFIX = "$JS.API.";

    private JsApi() {}

    /**
     * The answer to {@code $JS.API.<subject>}.
     *
     * @param what for the message of an error
     * @throws NatsException where JetStream refuses, or does not answer within the limit
     */
    static JsonValue call(Live live, String what, String subject, String body, Duration limit) {
        return answered(what, ask(live, what, PREFIX + subject, null, body.getBytes(StandardCharsets.UTF_8), limit));
    }

    /**
     * The acknowledgement of a message that a stream is to keep.
     *
     * @throws NatsException as {@link #call}; without an answer within the limit it may have been kept, or may be later
     */
    static JsonValue store(Live live, String what, String subject, Headers headers, byte[] body, Duration limit) {
        return answered(what, ask(live, what, subject, headers, body, limit));
    }

    private static JsonValue answered(String what, byte[] body) {
        JsonValue answer = parse(what, body);
        JsonValue error = JsonValueUtils.readValue(answer, "error");
        if (error != null) {
            int code = JsonValueUtils.readInteger(error, "err_code", JsonValueUtils.readInteger(error, "code", 0));
            throw refused(what, code, JsonValueUtils.readString(error, "description"));
        }
        return answer;
    }

    /** The answer to a question on any subject, as {@link #call}. */
    static byte[] ask(Live live, String what, String subject, byte[] body, Duration limit) {
        return ask(live, what, subject, null, body, limit);
    }

    private static byte[] ask(Live live, String what, String subject, Headers headers, byte[] body, Duration limit) {
        if (live == null) {
            throw new NatsException(NatsException.Kind.NOT_CONNECTED, 0, what + ": NATS is not connected");
        }
        try {
            CompletableFuture<Message> answer = live.connection().requestWithTimeout(subject, headers, body, limit);
            Message message = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (message.isStatusMessage()) {
                throw refused(what, message.getStatus().getCode(), message.getStatus().getMessage());
            }
            return message.getData();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof JetStreamStatusException status
                    ? refused(what, status.getStatus().getCode(), status.getStatus().getMessage())
                    : noAnswer(what, "the connection was cut");
        } catch (TimeoutException | CancellationException e) {
            throw noAnswer(what, live.connected() ? "NATS gave no answer within " + limit.toMillis()
                    + " ms (busy, or this login has no right to ask)" : "the connection was cut");
        } catch (IllegalStateException e) {
            throw new NatsException(NatsException.Kind.NOT_CONNECTED, 0, what + ": NATS is not connected");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer(what, "interrupted");
        }
    }

    private static JsonValue parse(String what, byte[] answer) {
        try {
            return JsonParser.parse(answer);
        } catch (JsonParseException e) {
            throw new NatsException(NatsException.Kind.NO_ANSWER, 0, what + ": the answer is not JSON: " + e.getMessage());
        }
    }

    private static NatsException noAnswer(String what, String why) {
        return new NatsException(NatsException.Kind.NO_ANSWER, 0, what + ": " + why);
    }

    private static NatsException refused(String what, int code, String description) {
        return new NatsException(NatsException.Kind.REFUSED, code, Plain.refusal(what, code, description));
    }
}
