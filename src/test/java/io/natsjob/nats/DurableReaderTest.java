package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.natsjob.nats.DurableReader.Entry;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DurableReaderTest {
    private static final String BINARIES = "io.natsjob.testkit.NatsServer#binaries";
    private static final String STREAM = "natsjob";
    private static final String SUBJECT = "natsjob.job.sub-result-flow";
    private static final DurableReader.Source SOURCE = new DurableReader.Source(SUBJECT, "natsjob-steps", "natsjob-sub-result-flow-consumer");
    private NatsRig rig;
    private NatsLink link;
    private Connection raw;
    private JetStreamManagement management;

    /** Keeps the texts that it gets; can be told to hold the reader, to fail or to stop. */
    private static final class Ledger implements DurableReader.Sink {
        final List<String> texts = new CopyOnWriteArrayList<>();
        final List<Integer> batches = new CopyOnWriteArrayList<>();
        final AtomicBoolean reading = new AtomicBoolean(true);
        final AtomicBoolean failing = new AtomicBoolean();
        volatile CountDownLatch hold = new CountDownLatch(0);
        volatile CountDownLatch held = new CountDownLatch(0);
        volatile long done;

        @Override
        public boolean reading() {
            return reading.get();
        }

        @Override
        public long begin(long createdMillis, long lastSeq) {
            return done;
        }

        @Override
        public void take(long createdMillis, List<Entry> entries) throws InterruptedException {
            held.countDown();
            hold.await();
            if (failing.getAndSet(false)) {
                throw new IllegalStateException("this once");
            }
            batches.add(entries.size());
            entries.forEach(entry -> texts.add(new String(entry.payload(), StandardCharsets.UTF_8)));
        }
    }

    private void open(Path binary) throws Exception {
        rig = new NatsRig(NatsServer.create().binary(binary).start());
        link = rig.linkWithStreams();
        raw = rig.raw();
        management = raw.jetStreamManagement();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private DurableReader read(DurableReader.Sink sink) {
        DurableReader reader = rig.closing(new DurableReader(link, SOURCE, sink, Clock.system()));
        reader.start();
        return reader;
    }

    /** Publishes the numbers, each with other traffic of the stream around it. */
    private void publish(int from, int to) throws IOException, JetStreamApiException {
        for (int i = from; i <= to; i++) {
            raw.jetStream().publish("natsjob.job.start.app.biz.other", new byte[0]);
            raw.jetStream().publish(SUBJECT, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<String> numbers(int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = 1; i <= to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private void awaitAcknowledged() {
        Eventually.awaitEqual("unacknowledged", NatsRig.LIMIT, 0L, () -> info().getNumAckPending());
    }

    private ConsumerInfo info() throws IOException, JetStreamApiException {
        return management.getConsumerInfo(STREAM, SOURCE.consumer());
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void hands_on_what_waits_and_then_what_comes_and_acknowledges_it(Path binary) throws Exception {
        open(binary);
        publish(1, 1_200);
        Ledger ledger = new Ledger();
        read(ledger);
        Eventually.awaitEqual("waiting", NatsRig.LIMIT, numbers(1_200), () -> List.copyOf(ledger.texts));
        publish(1_201, 1_210);
        Eventually.awaitEqual("new", NatsRig.LIMIT, numbers(1_210), () -> List.copyOf(ledger.texts));
        awaitAcknowledged();
        assertTrue(ledger.batches.stream().allMatch(size -> size <= PullConsumer.BATCH), ledger.batches.toString());
        assertTrue(ledger.batches.size() < 100, "many at a time: " + ledger.batches);
        assertEquals(2_420, info().getAckFloor().getStreamSequence());
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void nothing_is_acknowledged_before_the_sink_is_done_and_the_rest_stays_in_NATS(Path binary) throws Exception {
        open(binary);
        publish(1, 1_600);
        Ledger ledger = new Ledger();
        ledger.hold = new CountDownLatch(1);
        ledger.held = new CountDownLatch(1);
        read(ledger);
        assertTrue(ledger.held.await(15, TimeUnit.SECONDS));
        for (int look = 0; look < 50; look++) { // an acknowledgement takes a moment to count
            assertEquals(0, info().getAckFloor().getConsumerSequence());
        }
        assertTrue(info().getNumAckPending() <= 1_000, info().getNumAckPending() + " out");
        ledger.hold.countDown();
        Eventually.awaitEqual("all", NatsRig.LIMIT, numbers(1_600), () -> List.copyOf(ledger.texts));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void what_the_sink_did_not_take_comes_again_first(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        ledger.failing.set(true);
        publish(1, 20);
        read(ledger);
        Eventually.awaitEqual("all", NatsRig.LIMIT, numbers(20), () -> List.copyOf(ledger.texts));
        assertEquals(1, rig.logged("messages were not taken and come again"));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void loses_nothing_while_nats_restarts_and_keeps_the_order(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        read(ledger);
        int sent = 0;
        for (int round = 0; round < 3; round++) {
            publish(sent + 1, sent + 100);
            sent += 100;
            int goal = sent;
            Eventually.await("all of round " + round, NatsRig.LIMIT, () -> new ArrayList<>(new LinkedHashSet<>(ledger.texts)).equals(numbers(goal)));
            if (round == 1) {
                rig.server.kill();
                rig.server.start();
            } else {
                rig.server.restart();
            }
            Eventually.await("connected", NatsRig.LIMIT, () -> raw.getStatus() == Connection.Status.CONNECTED);
            publish(sent + 1, sent + 50);
            sent += 50;
        }
        int all = sent;
        Eventually.await("all", NatsRig.LIMIT, () -> new ArrayList<>(new LinkedHashSet<>(ledger.texts)).equals(numbers(all)));
        awaitAcknowledged();
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void another_reader_goes_on_at_once_where_the_first_one_hangs(Path binary) throws Exception {
        open(binary);
        publish(1, 700);
        Ledger frozen = new Ledger();
        frozen.hold = new CountDownLatch(1);
        frozen.held = new CountDownLatch(1);
        read(frozen);
        assertTrue(frozen.held.await(15, TimeUnit.SECONDS));
        Ledger next = new Ledger();
        read(next);
        // far below the 30 s after which NATS would deliver again
        Eventually.awaitEqual("all, in order, from the first", Duration.ofSeconds(10), numbers(700), () -> List.copyOf(next.texts));
        frozen.reading.set(false);
        frozen.hold.countDown();
        publish(701, 720);
        Eventually.awaitEqual("and on", NatsRig.LIMIT, numbers(720), () -> List.copyOf(next.texts));
        assertTrue(frozen.texts.size() <= PullConsumer.BATCH, frozen.texts.size() + " read by the one that may not");
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void begins_anew_on_a_stream_that_was_made_again_and_after_its_consumer_was_deleted(Path binary) throws Exception {
        open(binary);
        Ledger ledger = new Ledger();
        read(ledger);
        publish(1, 30);
        Eventually.awaitEqual("first", NatsRig.LIMIT, numbers(30), () -> List.copyOf(ledger.texts));
        management.deleteStream(STREAM);
        Eventually.awaitEqual("made again", NatsRig.LIMIT, List.of(), () -> new Infrastructure(link, 1L << 28).ensure());
        publish(31, 40);
        Eventually.awaitEqual("of the new stream", NatsRig.LIMIT, numbers(40), () -> List.copyOf(ledger.texts));
        awaitAcknowledged();
        ledger.done = 20;
        management.deleteConsumer(STREAM, SOURCE.consumer());
        publish(41, 45);
        Eventually.awaitEqual("behind what the sink knows", NatsRig.LIMIT, numbers(45), () -> List.copyOf(ledger.texts));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void leaves_alone_what_a_predecessor_has_acknowledged_and_its_consumer_too(Path binary) throws Exception {
        open(binary);
        publish(1, 10);
        management.addOrUpdateConsumer(STREAM, ConsumerConfiguration.builder().durable(SOURCE.predecessor()).filterSubject(SUBJECT).build());
        var theirs = raw.jetStream().subscribe(null, PullSubscribeOptions.bind(STREAM, SOURCE.predecessor()));
        theirs.fetch(4, Duration.ofSeconds(5)).forEach(message -> message.ack());
        Eventually.awaitEqual("acknowledged by the predecessor", NatsRig.LIMIT, 8L,
                () -> management.getConsumerInfo(STREAM, SOURCE.predecessor()).getAckFloor().getStreamSequence());
        Ledger ledger = new Ledger();
        read(ledger);
        Eventually.awaitEqual("the rest", NatsRig.LIMIT, List.of("5", "6", "7", "8", "9", "10"), () -> List.copyOf(ledger.texts));
        assertEquals(8, management.getConsumerInfo(STREAM, SOURCE.predecessor()).getAckFloor().getStreamSequence());
        publish(11, 11);
        Eventually.await("and the next", NatsRig.LIMIT, () -> ledger.texts.contains("11"));
        assertEquals(7, management.getConsumerInfo(STREAM, SOURCE.predecessor()).getNumPending());
    }
}
