package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.natsjob.nats.NatsException;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.nats.Requests;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers on a real NATS; docs/rules.md 37. */
class CommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Command COMMAND = new Command.End(5, "stuck");
    private final AtomicLong leadersTerm = new AtomicLong(4);
    private final AtomicLong askersTerm = new AtomicLong();
    private NatsServer nats;
    private NatsLink leadersLink;
    private NatsLink askersLink;
    private Commands leader;
    private Commands asker;

    @BeforeEach
    void connect() {
        nats = NatsServer.create();
        nats.start();
        leadersLink = link();
        askersLink = link();
        leader = commands(leadersLink, "leader", "key", leadersTerm);
        asker = commands(askersLink, "asker", "key", askersTerm);
    }

    @AfterEach
    void close() {
        askersLink.close();
        leadersLink.close();
        nats.close();
    }

    private NatsLink link() {
        NatsLink link = new NatsLink(new NatsOptions(List.of(nats.url()), null, null, null, "test"), Clock.system());
        link.start();
        Eventually.await("connected", LIMIT, link::connected);
        return link;
    }

    private static Commands commands(NatsLink link, String id, String key, AtomicLong term) {
        return new Commands(new Requests(link), new Seal(key.getBytes(), id, Clock.system()), term::get, Clock.system());
    }

    private NatsException refused(Commands from, Duration limit) {
        return assertThrows(NatsException.class, () -> from.ask(COMMAND, limit));
    }

    @Test
    void the_leader_carries_a_command_out_and_answers() {
        AtomicInteger done = new AtomicInteger();
        leader.serve((from, command) -> {
            assertEquals("asker", from);
            assertEquals(COMMAND, command);
            done.incrementAndGet();
            return new CommandReply.Ended();
        });
        Eventually.awaitEqual("an answer", LIMIT, Optional.of(new CommandReply.Ended()), this::asked);
        assertEquals(1, done.get());
    }

    /** The subscription of another connection may be a moment behind. */
    private Optional<CommandReply> asked() {
        try {
            return Optional.of(asker.ask(COMMAND, Duration.ofSeconds(5)));
        } catch (NatsException e) {
            assertEquals(503, e.code());
            return Optional.empty();
        }
    }

    @Test
    void without_a_leader_the_refusal_comes_at_once() {
        assertEquals(503, refused(asker, LIMIT).code());
        Requests.Service service = leader.serve((from, command) -> new CommandReply.Ended());
        Eventually.await("an answer", LIMIT, () -> asked().isPresent());
        service.close();
        Eventually.await("a refusal", LIMIT, () -> asked().isEmpty());
    }

    /** At a change of the leader: a question is answered, or refused at once. */
    @Test
    void no_question_is_lost_while_the_service_closes() throws Exception {
        for (int round = 0; round < 20; round++) {
            Requests.Service service = leader.serve((from, command) -> new CommandReply.Ended());
            Eventually.await("an answer", LIMIT, () -> asked().isPresent());
            AtomicInteger refused = new AtomicInteger();
            List<Thread> askers = Stream.generate(() -> Thread.ofVirtual().start(() -> {
                while (asked().isPresent()) {
                    Thread.onSpinWait();
                }
                refused.incrementAndGet();
            })).limit(4).toList();
            service.close();
            for (Thread each : askers) {
                each.join(LIMIT);
            }
            assertEquals(4, refused.get(), "round " + round);
        }
    }

    @Test
    void the_leader_listens_again_after_nats_was_away() {
        leader.serve((from, command) -> new CommandReply.Ended());
        Eventually.await("an answer", LIMIT, () -> asked().isPresent());
        nats.stop();
        Eventually.await("not connected", LIMIT, () -> !askersLink.connected() && !leadersLink.connected());
        assertEquals(NatsException.Kind.NOT_CONNECTED, refused(asker, LIMIT).kind());
        nats.start();
        Eventually.await("connected", LIMIT, askersLink::connected);
        Eventually.await("an answer", LIMIT, () -> asked().isPresent());
    }

    @Test
    void a_server_of_another_database_is_not_heard() {
        AtomicInteger done = new AtomicInteger();
        leader.serve((from, command) -> {
            done.incrementAndGet();
            return new CommandReply.Ended();
        });
        Eventually.await("an answer", LIMIT, () -> asked().isPresent());
        Commands stranger = commands(askersLink, "asker", "another key", askersTerm);
        assertEquals(NatsException.Kind.NO_ANSWER, refused(stranger, Duration.ofMillis(300)).kind());
        assertEquals(1, done.get());
    }

    @Test
    void a_former_leader_answers_nothing() {
        leader.serve((from, command) -> new CommandReply.Ended());
        Eventually.await("an answer", LIMIT, () -> asked().isPresent());
        askersTerm.set(5);
        assertEquals(NatsException.Kind.NO_ANSWER, refused(asker, Duration.ofMillis(300)).kind());
        askersTerm.set(0);
        leadersTerm.set(0);
        assertEquals(NatsException.Kind.NO_ANSWER, refused(asker, Duration.ofMillis(300)).kind());
    }

    @Test
    void news_of_an_edit_reach_the_leader() {
        AtomicInteger looked = new AtomicInteger();
        leader.onChange(looked::incrementAndGet);
        Eventually.await("a look", LIMIT, () -> {
            asker.announceChange();
            return looked.get() > 0;
        });
    }

    @Test
    void news_that_come_right_after_a_look_are_looked_at_too() {
        AtomicInteger looked = new AtomicInteger();
        leader.onChange(() -> {
            if (looked.incrementAndGet() == 1) {
                asker.announceChange();
            }
        });
        Eventually.await("a look", LIMIT, () -> {
            if (looked.get() == 0) {
                asker.announceChange();
            }
            return looked.get() > 0;
        });
        Eventually.await("a look at what came after it", LIMIT, () -> looked.get() > 1);
    }

    @Test
    void news_that_come_in_a_flood_are_one_look_each_fifty_milliseconds() {
        AtomicInteger looked = new AtomicInteger();
        leader.onChange(looked::incrementAndGet);
        Eventually.await("a look", LIMIT, () -> {
            asker.announceChange();
            return looked.get() > 0;
        });
        long began = System.nanoTime();
        for (int i = 0; i < 5_000; i++) {
            asker.announceChange();
        }
        leader.serve((from, command) -> new CommandReply.Ended());
        Eventually.await("all were taken", LIMIT, () -> asked().isPresent());
        long most = 3 + (System.nanoTime() - began) / 50_000_000;
        Eventually.await("no more looks than that", LIMIT, () -> looked.get() <= most);
    }
}
