package io.natsjob.dispatch;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.Fire;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.nats.PublishLink;
import io.natsjob.protocol.JobMessage;
import io.natsjob.protocol.WireTime;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A real nats-server with the production links to it, stream and buckets made, and a plain connection that looks on. */
public final class Wire implements AutoCloseable {
    public static final Duration SOON = Duration.ofSeconds(10);

    public final NatsServer server;
    public final NatsLink link;
    public final PublishLink publishing;
    public final Infrastructure infrastructure;
    public final Connection spy;
    Presets presets;
    BooleanSupplier leading = () -> true;
    /** What its senders are told; a test that expects it sets it before it makes the sender. */
    RefusedPart refusedPart = (run, index, reason) -> {
        throw new AssertionError("part " + index + " of run " + run.id() + " is " + reason.word());
    };
    Sender.Unpicked unpicked = (fire, max, outcome) -> {
        throw new AssertionError("run " + fire.runId() + " has no workers");
    };

    public Wire(Clock clock) {
        this(NatsServer.create().start(), clock);
    }

    public Wire(NatsServer server, Clock clock) {
        this.server = server;
        NatsOptions options = new NatsOptions(List.of(server.url()), null, null, null, "test");
        link = new NatsLink(options, Clock.system());
        publishing = new PublishLink(options, clock);
        infrastructure = new Infrastructure(link, 100_000_000);
        link.start();
        publishing.start();
        awaitConnected();
        List<String> problems = infrastructure.ensure();
        if (!problems.isEmpty()) {
            throw new AssertionError(problems);
        }
        try {
            spy = server.connect();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public void awaitConnected() {
        Eventually.await("connected", SOON, () -> link.connected() && publishing.connected());
    }

    /** Off unless a test puts another one here. */
    private Presets presets(Confirmer confirmer, SteadyTime time) {
        return presets == null ? new Presets(publishing, confirmer, false, time) : presets;
    }

    Sender sender(OpenRuns open, SteadyTime time, Confirmer confirmer, JetStreamLane lane, List<OpenRun> late) {
        return new Sender(new Sender.Lanes(publishing, confirmer, lane, presets(confirmer, time), () -> leading.getAsBoolean()), new Messages(new WireTime(ZoneId.of("UTC")), 1), open, time, new RunIds(time, 0), new Sender.Told(late::add, refusedPart, unpicked));
    }

    /** What came so far, once NATS has taken everything that was published and everything that it has sent is read. */
    List<JobMessage> taken(Subscription subscription) throws Exception {
        if (!publishing.confirm(Duration.ofSeconds(5)).confirmed()) {
            throw new AssertionError("NATS has not confirmed what was published");
        }
        spy.flush(Duration.ofSeconds(5));
        List<JobMessage> all = new ArrayList<>();
        for (Message message = subscription.nextMessage(Duration.ofMillis(1)); message != null; message = subscription.nextMessage(Duration.ofMillis(1))) {
            all.add(JobMessage.parse(message.getData()));
        }
        return all;
    }

    @Override
    public void close() throws Exception {
        publishing.close();
        link.close();
        spy.close();
        server.close();
    }

    /** Notes what became of each fire, as {@code sent 5}. */
    static final class Notes implements Outcome {
        final List<String> all = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void sent(Fire fire) {
            all.add("sent " + fire.runId());
        }

        @Override
        public void unconfirmed(Fire fire) {
            all.add("unconfirmed " + fire.runId());
        }

        @Override
        public void refused(Fire fire, SkipReason reason) {
            all.add(reason.word() + " " + fire.runId());
        }

        void await(String... expected) {
            Eventually.awaitEqual("outcomes", SOON, List.of(expected), () -> List.copyOf(all));
        }
    }
}
