package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.protocol.Envelope;
import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/rules.md 37. */
class SealTest {
    private static final byte[] KEY = "a key that two servers share".getBytes();
    private final ManualClock clock = new ManualClock(1_772_359_200_500L);
    private final Seal asker = new Seal(KEY, "asker", clock);
    private final Seal leader = new Seal(KEY, "leader", clock);

    @Test
    void a_request_is_opened_by_a_server_of_the_same_database() {
        Envelope request = asker.request(3, "body");
        Envelope opened = leader.openRequest(request.json()).orElseThrow();
        assertEquals("asker 3 body", opened.from() + " " + opened.term() + " " + opened.body());
        Envelope reply = leader.reply(opened, 4, "answer");
        assertEquals("answer", asker.openReply(reply.json(), request).orElseThrow().body());
    }

    @Test
    void a_request_counts_once() {
        byte[] request = asker.request(3, "body").json();
        assertTrue(leader.openRequest(request).isPresent());
        assertFalse(leader.openRequest(request).isPresent());
        clock.tick(Duration.ofMillis(Seal.WINDOW_MILLIS));
        assertFalse(leader.openRequest(request).isPresent());
    }

    @Test
    void nothing_of_a_request_can_be_changed() {
        Envelope request = asker.request(3, "body");
        for (Envelope forged : new Envelope[] {
            new Envelope("other", request.term(), request.at(), request.nonce(), request.body(), request.seal()),
            new Envelope(request.from(), 4, request.at(), request.nonce(), request.body(), request.seal()),
            new Envelope(request.from(), request.term(), request.at() + 1, request.nonce(), request.body(), request.seal()),
            new Envelope(request.from(), request.term(), request.at(), "00", request.body(), request.seal()),
            new Envelope(request.from(), request.term(), request.at(), request.nonce(), "body2", request.seal()),
            request.sealed(new byte[0])}) {
            assertFalse(leader.openRequest(forged.json()).isPresent(), forged.toString());
        }
        assertFalse(new Seal("another key".getBytes(), "leader", clock).openRequest(request.json()).isPresent());
        assertTrue(leader.openRequest(request.json()).isPresent());
    }

    @Test
    void a_request_counts_within_its_window_only() {
        byte[] old = asker.request(3, "body").json();
        clock.tick(Duration.ofMillis(Seal.WINDOW_MILLIS + 1));
        assertFalse(leader.openRequest(old).isPresent());
        byte[] early = asker.request(3, "body").json();
        clock.setWall(clock.millis() - Seal.WINDOW_MILLIS - 1);
        assertFalse(leader.openRequest(early).isPresent());
    }

    @Test
    void a_reply_belongs_to_its_request_and_a_request_is_no_reply() {
        Envelope first = asker.request(3, "body");
        Envelope second = asker.request(3, "body");
        Envelope reply = leader.reply(first, 4, "answer");
        assertFalse(asker.openReply(reply.json(), second).isPresent());
        assertFalse(asker.openReply(first.json(), first).isPresent());
        assertFalse(leader.openRequest(reply.json()).isPresent());
    }

    @Test
    void as_many_as_fit_are_remembered_and_more_are_refused_until_the_oldest_are_over() {
        for (int i = 0; i < Seal.MAX_NONCES; i++) {
            assertTrue(leader.openRequest(asker.request(1, "").json()).isPresent());
        }
        assertFalse(leader.openRequest(asker.request(1, "").json()).isPresent());
        clock.tick(Duration.ofMillis(2 * Seal.WINDOW_MILLIS + 1));
        assertTrue(leader.openRequest(asker.request(1, "").json()).isPresent());
    }
}
