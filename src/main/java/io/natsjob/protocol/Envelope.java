package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How servers of one database talk to each other: a text, and who says it when, under a seal (docs/rules.md 37). This class only builds
 * and parses; whether the seal is right is for {@code cluster.Seal} to judge.
 *
 * @param from  server id of the sender
 * @param term  the sender's term, 0 where it does not lead
 * @param at    epoch milliseconds of the sending
 * @param nonce used once by a request; a reply carries its request's
 * @param body  JSON, see {@link Command} and {@link CommandReply}
 * @param seal  over {@link #sealedBytes}
 */
public record Envelope(String from, long term, long at, String nonce, String body, byte[] seal) {
    /** Characters of {@link #from} and {@link #nonce}. */
    private static final int MAX_TOKEN = 64;

    /** The bytes that the seal is over. @param purpose keeps a request from being taken for a reply */
    public byte[] sealedBytes(String purpose) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String text : new String[] {purpose, from, Long.toString(term), Long.toString(at), nonce, body}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // With its length before it, no text can run into the next.
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    public Envelope sealed(byte[] by) {
        return new Envelope(from, term, at, nonce, body, by);
    }

    public byte[] json() {
        return new JsonObject().add("from", from).add("term", term).add("at", at).add("nonce", nonce).add("body", body)
                .add("seal", Base64.getEncoder().encodeToString(seal)).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The object that a body is. @throws IllegalArgumentException where it is none */
    static JsonObject object(String body) {
        try {
            return Json.parseObject(body);
        } catch (JsonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Nothing where it is not of this form, whatever the bytes are. */
    public static Optional<Envelope> parse(byte[] payload) {
        try {
            JsonObject fields = Json.parseObject(payload);
            String from = fields.getString("from", "");
            String nonce = fields.getString("nonce", "");
            if (from.isEmpty() || from.length() > MAX_TOKEN || nonce.isEmpty() || nonce.length() > MAX_TOKEN) {
                return Optional.empty();
            }
            return Optional.of(new Envelope(from, fields.getLong("term", 0), fields.getLong("at", 0), nonce, fields.getString("body", ""),
                    Base64.getDecoder().decode(fields.getString("seal", ""))));
        } catch (JsonException | UnsupportedOperationException | IllegalArgumentException e) {
            // not JSON, a member of another type, a number out of range, not Base64
            return Optional.empty();
        }
    }
}
