package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NatsLinkTest {
    private static final String USERS = "authorization { users = [ { user: \"natsjob\", password: \"%s\" } ] }";
    private NatsRig rig;

    @BeforeEach
    void open() {
        rig = new NatsRig(NatsServer.create());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private NatsOptions login(String password) {
        return new NatsOptions(List.of(rig.server.url()), "natsjob", password, null, "test");
    }

    @Test
    void waits_for_a_server_that_appears_later_and_says_so_once() {
        long begin = System.nanoTime();
        NatsLink link = rig.link(rig.options());
        assertTrue(System.nanoTime() - begin < 1_000_000_000L, "start() must not wait");
        Eventually.await("the reason", NatsRig.LIMIT, () -> link.state().problem().contains("is nats-server running"));
        assertFalse(link.connected());
        // several tries later there is still one line
        long since = link.state().sinceMillis();
        Eventually.await("tries", NatsRig.LIMIT, () -> Clock.system().millis() - since > 1_200);
        assertEquals(1, rig.logged("NATS is not connected"), rig.lines.toString());

        rig.server.start();
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
        NatsState state = link.state();
        assertTrue(state.connected());
        assertEquals(rig.server.url(), state.url());
        assertNotNull(state.version());
        assertNull(state.problem());
        assertEquals(1, rig.logged("NATS connected"));
    }

    @Test
    void keeps_trying_a_refused_login_until_it_is_right() {
        rig.server.config(USERS.formatted("other")).start();
        NatsLink link = rig.link(login("sesame-sesame"));
        Eventually.await("the reason", NatsRig.LIMIT, () -> link.state().problem().contains("refuses the login"));
        // the client itself would give up after the second refusal
        long since = link.state().sinceMillis();
        Eventually.await("several tries", NatsRig.LIMIT, () -> Clock.system().millis() - since > 2_500);
        assertEquals(1, rig.logged("NATS is not connected"));
        assertFalse(link.connected());

        rig.server.stop();
        rig.server.config(USERS.formatted("sesame-sesame")).start();
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
        assertTrue(rig.lines.stream().noneMatch(l -> l.toString().contains("sesame")), "a password in the log");
    }

    @Test
    void shows_no_secret_of_its_options() {
        assertFalse(login("sesame-sesame").toString().contains("sesame"));
        assertFalse(new NatsOptions(List.of("nats://h:4222"), null, null, "sesame", "n").toString().contains("sesame"));
        String error = assertThrows(IllegalArgumentException.class,
                () -> new NatsOptions(List.of("nats://u:sesame@h:4222"), null, null, null, "n")).getMessage();
        assertFalse(error.contains("sesame"), error);
    }

    @Test
    void tells_what_to_do_when_jetstream_is_off() {
        rig.server.jetStream(false).start();
        NatsLink link = rig.link();
        assertTrue(link.state().problem().contains("start nats-server with -js"), link.state().problem());
        List<String> problems = new Infrastructure(link, 1 << 28).ensure();
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("start nats-server with -js"), problems.get(0));
    }

    @Test
    void calls_back_after_each_connection_and_survives_what_is_thrown() {
        rig.server.start();
        AtomicInteger calls = new AtomicInteger();
        NatsLink link = rig.closing(new NatsLink(rig.options(), Clock.system()));
        link.onConnected(() -> {
            throw new IllegalStateException("from a test");
        });
        link.onConnected(calls::incrementAndGet);
        link.start();
        // the first task throws, so the second is the proof that it went on
        Eventually.awaitEqual("calls", NatsRig.LIMIT, 1, calls::get);
        rig.server.restart();
        Eventually.awaitEqual("calls", NatsRig.LIMIT, 2, calls::get);
        assertEquals(2, rig.logged("NATS connected"));
        assertEquals(1, rig.logged("NATS connection lost"));
    }

    @Test
    void finds_a_frozen_server_and_comes_back() {
        rig.server.start();
        NatsLink link = rig.link();
        rig.server.pause();
        Eventually.await("lost", NatsRig.LIMIT, () -> !link.connected());
        rig.server.resume();
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
    }

    @Test
    void logs_an_asynchronous_error_once_and_goes_on() {
        rig.server.config("authorization { users = [ { user: natsjob, password: pw, permissions: { publish: { deny: \"forbidden.>\" } } } ] }").start();
        PublishLink link = rig.closing(new PublishLink(login("pw"), Clock.system()));
        link.start();
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
        for (int i = 0; i < 50; i++) {
            link.publish("forbidden.x", new byte[0]);
        }
        Eventually.await("errors", NatsRig.LIMIT, () -> link.asyncErrors() >= 50);
        assertEquals(1, rig.logged("NATS reports an error"));
        assertTrue(link.confirm(Duration.ofSeconds(2)).confirmed());
        assertEquals(1, link.incarnation());
    }

    @Test
    void a_subscription_that_was_taken_away_comes_back_with_the_right_to_it() {
        String user = "authorization { users = [ { user: natsjob, password: pw%s } ] }";
        rig.server.config(user.formatted("")).start();
        NatsLink link = rig.link(login("pw"));
        PublishLink publishing = rig.closing(new PublishLink(login("pw"), Clock.system()));
        publishing.start();
        Infrastructure infrastructure = new Infrastructure(link, 1L << 28);
        Eventually.awaitEqual("problems", NatsRig.LIMIT, List.of(), infrastructure::ensure);
        Eventually.await("connected", NatsRig.LIMIT, publishing::connected);
        assertNotNull(publishing.publishStored("natsjob.x", "1", new byte[0]).join());

        rig.server.config(user.formatted(", permissions: { subscribe: { deny: \"_INBOX.>\" } }")).reload();
        Eventually.await("both say what is wrong", NatsRig.LIMIT,
                () -> Plain.SUBSCRIPTION_REFUSED.equals(link.state().problem()) && Plain.SUBSCRIPTION_REFUSED.equals(publishing.state().problem()));

        rig.server.config(user.formatted("")).reload();
        Eventually.awaitEqual("problems", NatsRig.LIMIT, List.of(), infrastructure::ensure);
        Eventually.await("acknowledged", NatsRig.LIMIT, () -> stored(publishing));
        assertNull(link.state().problem());
        assertNull(publishing.state().problem());
    }

    private static boolean stored(PublishLink publishing) {
        try {
            publishing.publishStored("natsjob.x", "2", new byte[0]).join();
            return true;
        } catch (CompletionException | LinkDownException e) {
            return false;
        }
    }

    @Test
    void leaves_no_threads_behind_after_many_failed_tries() throws Exception {
        // nobody listens: each try makes a client and throws it away
        Dial dial = new Dial(rig.options(), new Dial.Settings("test", Duration.ofSeconds(2), 2, false));
        AsyncErrors errors = new AsyncErrors("test", Clock.system());
        assertThrows(java.io.IOException.class, () -> dial.connect(1, errors.attempt()));
        int before = Thread.activeCount();
        for (int i = 0; i < 100; i++) {
            assertThrows(java.io.IOException.class, () -> dial.connect(1, errors.attempt()));
        }
        assertEquals(0, errors.count());
        Eventually.await("threads end", NatsRig.LIMIT, () -> Thread.activeCount() <= before);
        dial.close();
    }
}
