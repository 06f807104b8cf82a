package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.KeyValue;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When {@link OrderedReader} says that it has read what waited. */
class CaughtUpTest {
    private static final String BINARIES = "io.natsjob.testkit.NatsServer#binaries";
    private NatsRig rig;
    private NatsLink link;
    private KeyValue raw;

    /** Counts entries, and notes how many had come at each word. */
    private static class Counter implements OrderedReader.Sink {
        final AtomicInteger entries = new AtomicInteger();
        final List<Integer> caughtUp = new CopyOnWriteArrayList<>();

        @Override
        public void entry(OrderedReader.Entry entry) {
            entries.incrementAndGet();
        }

        @Override
        public void restarted(long createdMillis, boolean sameBucket) {
            // another test's concern
        }

        @Override
        public void caughtUp() {
            caughtUp.add(entries.get());
        }
    }

    private void open(Path binary) throws Exception {
        rig = new NatsRig(NatsServer.create().binary(binary).start());
        link = rig.linkWithStreams();
        raw = rig.raw().keyValue(Buckets.RESULTS);
    }

    private Counter read(Counter sink) {
        rig.closing(new OrderedReader(link, Buckets.RESULTS, sink, Clock.system())).start();
        return sink;
    }

    private void put(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            raw.put("k" + i, "v" + i);
        }
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void says_it_once_after_each_start_and_interruption(Path binary) throws Exception {
        open(binary);
        Counter empty = read(new Counter());
        Eventually.awaitEqual("nothing waited", NatsRig.LIMIT, List.of(0), () -> List.copyOf(empty.caughtUp));
        put(1_200);
        Counter full = read(new Counter());
        Eventually.awaitEqual("all that waited", NatsRig.LIMIT, List.of(1_200), () -> List.copyOf(full.caughtUp));
        raw.put("later", "");
        Eventually.awaitEqual("entries", NatsRig.LIMIT, 1_201, full.entries::get);
        assertEquals(List.of(1_200), full.caughtUp);
        rig.server.restart();
        Eventually.awaitEqual("said again", NatsRig.LIMIT, List.of(1_200, 1_201), () -> List.copyOf(full.caughtUp));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void says_it_though_the_newest_entries_went_before_they_were_read(Path binary) throws Exception {
        open(binary);
        put(600);
        CountDownLatch emptied = new CountDownLatch(1);
        Counter counter = read(new Counter() {
            @Override
            public void entry(OrderedReader.Entry entry) {
                super.entry(entry);
                try {
                    assertTrue(emptied.await(15, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Eventually.await("the first entry", NatsRig.LIMIT, () -> counter.entries.get() > 0);
        // what the reader has not asked for yet goes, the newest entry with it
        rig.raw().jetStreamManagement().purgeStream(Buckets.streamOf(Buckets.RESULTS));
        emptied.countDown();
        Eventually.await("said all the same", NatsRig.LIMIT, () -> counter.caughtUp.size() == 1);
        assertTrue(counter.caughtUp.getFirst() < 600, counter.caughtUp.toString());
    }
}
