package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.PurgeOptions;
import io.natsjob.nats.OrderedReader.Entry;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrderedReaderTest {
    private static final String BINARIES = "io.natsjob.testkit.NatsServer#binaries";
    private static final String PREFIX = "$KV.natsjob-job-results.";
    private NatsRig rig;
    private NatsLink link;

    /** Keeps what it gets, and checks the order. */
    private static class Ledger implements OrderedReader.Sink {
        final List<Entry> entries = new CopyOnWriteArrayList<>();
        final ConcurrentLinkedQueue<String> starts = new ConcurrentLinkedQueue<>();
        final AtomicInteger faults = new AtomicInteger();
        final AtomicInteger missing = new AtomicInteger();
        private long last;

        @Override
        public void entry(Entry entry) {
            if (entry.seq() <= last) {
                faults.incrementAndGet();
            }
            last = entry.seq();
            entries.add(entry);
        }

        @Override
        public void restarted(long createdMillis, boolean sameBucket) {
            starts.add(sameBucket ? "same" : "other");
            if (!sameBucket) {
                last = 0;
            }
        }

        @Override
        public void missing() {
            missing.incrementAndGet();
        }

        List<String> keys() {
            return entries.stream().map(Entry::key).toList();
        }
    }

    private void open(Path binary) {
        rig = new NatsRig(NatsServer.create().binary(binary).start());
        link = rig.linkWithStreams();
    }

    private OrderedReader read(OrderedReader.Sink sink) {
        OrderedReader reader = rig.closing(new OrderedReader(link, Buckets.RESULTS, sink, Clock.system()));
        reader.start();
        return reader;
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void hands_on_what_waits_and_then_what_comes(Path binary) throws Exception {
        open(binary);
        KeyValue raw = rig.raw().keyValue(Buckets.RESULTS);
        for (int i = 0; i < 1_200; i++) {
            raw.put("k" + i, "v" + i);
        }
        Ledger ledger = new Ledger();
        OrderedReader reader = read(ledger);
        Eventually.awaitEqual("waiting entries", NatsRig.LIMIT, 1_200, ledger.entries::size);
        raw.put("k0", "");
        raw.delete("k1");
        raw.purge("k2");
        Eventually.awaitEqual("entries", NatsRig.LIMIT, 1_203, ledger.entries::size);
        Entry first = ledger.entries.get(0);
        assertEquals("k0", first.key());
        assertEquals(1, first.seq());
        assertArrayEquals("v0".getBytes(StandardCharsets.UTF_8), first.value());
        assertTrue(Math.abs(first.timeMillis() - Clock.system().millis()) < 60_000, first.toString());
        assertEquals(List.of(false, true, true), ledger.entries.subList(1_200, 1_203).stream().map(Entry::delete).toList());
        assertEquals(0, ledger.entries.get(1_200).value().length);
        Eventually.awaitEqual("position", NatsRig.LIMIT, 1_203L, reader::position);
        assertEquals(new ResultsBucket(link).info().createdMillis(), reader.createdMillis());
        assertEquals(List.of("other"), List.copyOf(ledger.starts));
        assertEquals(0, ledger.faults.get());
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void loses_nothing_while_nats_restarts(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        read(ledger);
        Connection raw = rig.raw();
        AtomicBoolean stop = new AtomicBoolean();
        Map<String, Boolean> acked = new ConcurrentHashMap<>();
        CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> put(raw, stop, acked));
        for (int round = 0; round < 3; round++) {
            int goal = ledger.entries.size() + 300;
            Eventually.await("entries of round " + round, NatsRig.LIMIT, () -> ledger.entries.size() >= goal);
            if (round == 1) {
                rig.server.kill();
                rig.server.start();
            } else {
                rig.server.restart();
            }
        }
        long back = System.nanoTime();
        int goal = ledger.entries.size() + 1;
        Eventually.await("reading goes on", NatsRig.LIMIT, () -> ledger.entries.size() >= goal);
        long millis = (System.nanoTime() - back) / 1_000_000;
        stop.set(true);
        putting.get(10, TimeUnit.SECONDS);
        Eventually.await("every acknowledged entry", NatsRig.LIMIT, () -> ledger.keys().containsAll(acked.keySet()));
        assertEquals(0, ledger.faults.get());
        assertEquals(ledger.keys().size(), ledger.keys().stream().distinct().count(), "an entry came twice");
        assertTrue(ledger.starts.stream().skip(1).allMatch("same"::equals), ledger.starts.toString());
        assertTrue(millis < 3_000, "reading went on after " + millis + " ms");
    }

    /** Puts one entry after the other, each under a key of its own, and keeps a ledger of those that NATS acknowledged. */
    private static void put(Connection raw, AtomicBoolean stop, Map<String, Boolean> acked) {
        try {
            JetStream js = raw.jetStream();
            for (int i = 0; !stop.get(); i++) {
                String key = "put." + i;
                try {
                    js.publish(PREFIX + key, new byte[] {1});
                    acked.put(key, true);
                } catch (IOException | JetStreamApiException | IllegalStateException e) {
                    // away: unknown whether it is stored, so it is not in the ledger
                    LockSupport.parkNanos(20_000_000);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void reads_a_bucket_anew_that_was_made_again_under_it(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        OrderedReader reader = read(ledger);
        Connection raw = rig.raw();
        KeyValue before = raw.keyValue(Buckets.RESULTS);
        for (int i = 0; i < 20; i++) {
            before.put("before" + i, "x");
        }
        Eventually.awaitEqual("entries", NatsRig.LIMIT, 20, ledger.entries::size);
        raw.keyValueManagement().delete(Buckets.RESULTS);
        Eventually.await("the reader sees that it is missing", NatsRig.LIMIT, () -> ledger.missing.get() > 0);
        assertEquals(List.of(), new Infrastructure(link, 1L << 28).ensure());
        for (int i = 0; i < 5; i++) {
            raw.keyValue(Buckets.RESULTS).put("after" + i, "x");
        }
        Eventually.awaitEqual("entries", NatsRig.LIMIT, 25, ledger.entries::size);
        assertEquals(List.of("after0", "after1", "after2", "after3", "after4"), ledger.keys().subList(20, 25));
        Eventually.awaitEqual("position", NatsRig.LIMIT, 5L, reader::position);
        assertEquals(List.of("other", "other"), List.copyOf(ledger.starts));
        assertEquals(0, ledger.faults.get());
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void notices_a_bucket_that_was_made_again_at_once(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        OrderedReader reader = read(ledger);
        Connection raw = rig.raw();
        raw.keyValue(Buckets.RESULTS).put("before", "x");
        Eventually.awaitEqual("entries", NatsRig.LIMIT, 1, ledger.entries::size);
        raw.keyValueManagement().delete(Buckets.RESULTS);
        assertEquals(List.of(), new Infrastructure(link, 1L << 28).ensure());
        raw.keyValue(Buckets.RESULTS).put("after", "x");
        reader.check();
        Eventually.awaitEqual("keys", Duration.ofSeconds(4), List.of("before", "after"), ledger::keys);
    }

    @Test
    void blocks_nats_and_not_the_heap_while_its_sink_is_slow() throws Exception {
        open(NatsServer.binaries().findFirst().orElseThrow());
        int total = 100_000;
        fill(total);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger faults = new AtomicInteger();
        OrderedReader reader = read(new OrderedReader.Sink() {
            private long last;

            @Override
            public void entry(Entry entry) {
                if (entry.seq() != last + 1) {
                    faults.incrementAndGet();
                }
                last = entry.seq();
                if (seen.incrementAndGet() == 700) {
                    block(gate);
                }
            }

            @Override
            public void restarted(long createdMillis, boolean sameBucket) {}
        });
        Eventually.awaitEqual("entries before it blocks", NatsRig.LIMIT, 700, seen::get);
        long[] held = new long[1];
        Eventually.await("what was asked for has come", NatsRig.LIMIT, () -> held[0] == (held[0] = received()) && held[0] > 700);
        // 700 are in the sink, the rest of two requests of 500 waits, and not one more
        assertTrue(held[0] <= 1_100, held[0] + " messages fetched");
        gate.countDown();
        Eventually.awaitEqual("all", Duration.ofSeconds(30), total, seen::get);
        assertEquals(0, faults.get());
        Eventually.awaitEqual("position", NatsRig.LIMIT, (long) total, reader::position);
    }

    private long received() {
        return link.live().connection().getStatistics().getInMsgs();
    }

    private static void block(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(int total) throws Exception {
        JetStream js = rig.raw().jetStream();
        byte[] value = "{\"status\":\"success\",\"reason\":\"ok\",\"clientId\":\"client-1\"}".getBytes(StandardCharsets.UTF_8);
        List<CompletableFuture<?>> window = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            window.add(js.publishAsync(PREFIX + "natsjob.job.end.app.biz.owner." + (i + 1), value));
            if (window.size() == 1_000) {
                CompletableFuture.allOf(window.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
                window.clear();
            }
        }
    }

    @Test
    void hands_an_entry_on_again_that_the_sink_did_not_take() throws Exception {
        open(NatsServer.binaries().findFirst().orElseThrow());
        KeyValue raw = rig.raw().keyValue(Buckets.RESULTS);
        AtomicInteger throwing = new AtomicInteger(2);
        Ledger ledger = new Ledger() {
            @Override
            public void entry(Entry entry) {
                if (entry.key().equals("b") && throwing.getAndDecrement() > 0) {
                    throw new IllegalStateException("from a test");
                }
                super.entry(entry);
            }
        };
        for (String key : List.of("a", "b", "c")) {
            raw.put(key, "x");
        }
        read(ledger);
        Eventually.awaitEqual("keys", NatsRig.LIMIT, List.of("a", "b", "c"), ledger::keys);
        assertEquals(2, rig.logged("an entry was not taken and comes again"));
    }

    @Test
    void starts_behind_what_was_purged() throws Exception {
        open(NatsServer.binaries().findFirst().orElseThrow());
        Connection raw = rig.raw();
        for (int i = 1; i <= 10; i++) {
            raw.keyValue(Buckets.RESULTS).put("k" + i, "x");
        }
        raw.jetStreamManagement().purgeStream("KV_" + Buckets.RESULTS, PurgeOptions.builder().sequence(11).build());
        Ledger ledger = new Ledger();
        OrderedReader reader = read(ledger);
        Eventually.awaitEqual("position", NatsRig.LIMIT, 10L, reader::position);
        raw.keyValue(Buckets.RESULTS).put("k11", "x");
        Eventually.awaitEqual("keys", NatsRig.LIMIT, List.of("k11"), ledger::keys);
    }

    @Test
    void takes_an_entry_larger_than_one_request() throws Exception {
        rig = new NatsRig(NatsServer.create().config("max_payload: 8MB").start());
        link = rig.linkWithStreams();
        rig.raw().keyValue(Buckets.RESULTS).put("large", new byte[7 << 20]);
        rig.raw().keyValue(Buckets.RESULTS).put("small", "x");
        Ledger ledger = new Ledger();
        read(ledger);
        Eventually.awaitEqual("keys", NatsRig.LIMIT, List.of("large", "small"), ledger::keys);
        assertEquals(7 << 20, ledger.entries.get(0).value().length);
    }

    @Test
    void goes_on_after_its_sink_blocked_longer_than_the_server_keeps_a_request() throws Exception {
        open(NatsServer.binaries().findFirst().orElseThrow());
        CountDownLatch gate = new CountDownLatch(1);
        Ledger ledger = new Ledger() {
            @Override
            public void entry(Entry entry) {
                if (entry.key().equals("a")) {
                    block(gate);
                }
                super.entry(entry);
            }
        };
        read(ledger);
        Connection raw = rig.raw();
        raw.keyValue(Buckets.RESULTS).put("a", "x");
        // the consumer goes while the sink blocks, as after its 30 seconds of silence
        Eventually.await("a consumer", NatsRig.LIMIT, () -> !consumers(raw).isEmpty());
        consumers(raw).forEach(name -> delete(raw, name));
        raw.keyValue(Buckets.RESULTS).put("b", "x");
        gate.countDown();
        Eventually.awaitEqual("keys", NatsRig.LIMIT, List.of("a", "b"), ledger::keys);
        assertEquals(0, ledger.faults.get());
    }

    private static List<String> consumers(Connection raw) {
        try {
            return raw.jetStreamManagement().getConsumerNames("KV_" + Buckets.RESULTS);
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Connection raw, String name) {
        try {
            raw.jetStreamManagement().deleteConsumer("KV_" + Buckets.RESULTS, name);
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError(e);
        }
    }
}
