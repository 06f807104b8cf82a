package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueWatcher;
import io.natsjob.json.Json;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.protocol.Beat;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.ServerBeat;
import io.natsjob.store.Database;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "natsjob.heartbeat.server.app.s1";
    private final SteadyTime time = new SteadyTime(Clock.system());
    private final List<KeyValueEntry> entries = new CopyOnWriteArrayList<>();
    private NatsServer nats;
    private NatsLink link;
    private Connection raw;
    private KeyValue bucket;
    private Database database;
    private Leadership leadership;
    private OwnServer own;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        nats = NatsServer.create().start();
        link = new NatsLink(new NatsOptions(List.of(nats.url()), null, null, null, "test"), Clock.system());
        link.start();
        Eventually.awaitEqual("problems", LIMIT, List.of(), () -> new Infrastructure(link, 1L << 28).ensure());
        database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), Clock.system());
        leadership = new Leadership(database, time);
        own = new OwnServer(new OwnServer.Identity("s1", "app", "1.2.3", ""), leadership, link, time);
        raw = nats.connect();
        bucket = raw.keyValue("natsjob-heartbeat");
        bucket.watchAll(new KeyValueWatcher() {
            @Override
            public void watch(KeyValueEntry entry) {
                entries.add(entry);
            }

            @Override
            public void endOfData() {
                // what comes later counts too
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        own.close();
        raw.close();
        link.close();
        database.close();
        nats.close();
    }

    private ServerBeat last() {
        return (ServerBeat) Beat.parse(new BeatKey.Server("app", "s1"), entries.getLast().getValue());
    }

    @Test
    void puts_the_fields_of_the_original_and_its_own_every_five_seconds() {
        own.start();
        Eventually.await("a heartbeat", LIMIT, () -> !entries.isEmpty());
        long first = System.nanoTime();
        assertEquals(KEY, entries.getFirst().getKey());
        JsonObject json = Json.parseObject(new String(entries.getFirst().getValue(), StandardCharsets.UTF_8));
        assertEquals(List.of("id", "namespace", "startTime", "updateTime", "systemInfo", "leader", "term", "version", "natsConnected"), json.names());
        assertEquals(new ServerBeat.Ours(false, 0, "1.2.3", true, ""), last().ours());
        assertTrue(Math.abs(last().updateTime() - System.currentTimeMillis()) < 10_000);
        leadership.take();
        int before = entries.size();
        Eventually.await("the next one", LIMIT, () -> entries.size() > before);
        long millis = (System.nanoTime() - first) / 1_000_000;
        assertTrue(millis > 4_000 && millis < 8_000, millis + " ms");
        assertEquals(new ServerBeat.Ours(true, 1, "1.2.3", true, ""), last().ours());
    }

    @Test
    void a_clean_stop_takes_the_heartbeat_back() {
        own.start();
        Eventually.await("a heartbeat", LIMIT, () -> !entries.isEmpty());
        own.close();
        Eventually.awaitEqual("the marker", LIMIT, KeyValueOperation.DELETE, () -> entries.getLast().getOperation());
    }

    @Test
    void it_is_in_its_own_list_once_and_first_also_without_NATS() {
        assertEquals(List.of(), own.among(List.of()), "before its figures were read");
        own.start();
        Eventually.await("itself", LIMIT, () -> own.among(List.of()).size() == 1);
        ServerSeen stale = new ServerSeen(own.among(List.of()).getFirst().beat(), 5);
        ServerSeen other = new ServerSeen((ServerBeat) Beat.parse(new BeatKey.Server("app", "s2"), "{}".getBytes(StandardCharsets.UTF_8)), 5);
        assertEquals(List.of("s1", "s2"), own.among(List.of(other, stale)).stream().map(seen -> seen.beat().key().id()).toList());
        nats.stop();
        Eventually.await("cut", LIMIT, () -> !link.connected());
        ServerSeen now = own.among(List.of(other, stale)).getFirst();
        assertFalse(now.beat().ours().natsConnected());
        assertTrue(now.seenAt() > 5);
    }

    @Test
    void after_NATS_was_away_it_is_heard_again_at_once() throws Exception {
        own.start();
        Eventually.await("a heartbeat", LIMIT, () -> !entries.isEmpty());
        long before = bucket.get(KEY).getRevision();
        nats.stop();
        Eventually.await("cut", LIMIT, () -> !link.connected());
        nats.start();
        Eventually.await("connected", LIMIT, link::connected);
        long connected = System.nanoTime();
        Eventually.awaitValue("heard", LIMIT, () -> bucket.get(KEY), entry -> entry.getRevision() > before);
        long millis = (System.nanoTime() - connected) / 1_000_000;
        assertTrue(millis < 4_000, millis + " ms");
    }
}
