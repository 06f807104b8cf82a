package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Model;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.JobMessage;
import io.natsjob.store.Settlement;
import io.natsjob.store.Tally;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory subjects through dispatcher, sender and confirmer against a real nats-server. */
class DispatcherTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long HOUR = NOW - Math.floorMod(NOW, 3_600_000);
    private final ManualClock clock = new ManualClock(NOW);
    private final OpenRuns open = new OpenRuns();
    private final Weather weather = new Weather();
    private final Map<Long, Job> current = new HashMap<>();
    private final Decisions decisions = new Decisions(NOW);
    private final List<OpenRun> late = new ArrayList<>();
    private Wire wire;
    private Confirmer confirmer;
    private Dispatcher dispatcher;
    private Subscription subscription;

    @BeforeEach
    void begin() throws Exception {
        wire = new Wire(Clock.system());
        begin(clock);
        subscription = wire.spy.subscribe("natsjob-void.>");
        wire.spy.flush(Duration.ofSeconds(5));
    }

    private void begin(Clock with) {
        SteadyTime time = new SteadyTime(with);
        confirmer = new Confirmer(wire.publishing);
        Sender sender = wire.sender(open, time, confirmer, new JetStreamLane(wire.publishing, open, time, () -> 0, () -> true), late);
        dispatcher = new Dispatcher(fire -> current.getOrDefault(fire.job().id(), fire.job()), new Admission(weather, time), sender, decisions, time);
    }

    @AfterEach
    void end() throws Exception {
        wire.close();
    }

    @Test
    void a_batch_goes_at_its_time_and_not_before_in_the_order_of_the_seconds() throws Exception {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        both(NOW + 2_000, fire(job, NOW + 2_000, 6));
        both(NOW + 1_000, fire(job, NOW + 1_000, 5));
        assertEquals(Duration.ofSeconds(1).toNanos(), dispatcher.turn());
        clock.tick(Duration.ofMillis(999));
        assertEquals(Duration.ofMillis(1).toNanos(), dispatcher.turn());
        assertEquals(List.of(), ids());
        clock.tick(Duration.ofMillis(1_001));
        turns(4);
        assertEquals(List.of(5L, 6L), ids());
        confirmer.turn();
        assertEquals(new Settlement(NOW + 2_000, List.of(), List.of()), decisions.take());
    }

    @Test
    void without_the_lead_nothing_is_sent_and_the_claim_is_dropped_where_the_term_still_stands() throws Exception {
        weather.leading = false;
        both(NOW + 1_000, fire(Jobs.of(1, Model.MAX, SubjectModel.MEMORY), NOW + 1_000, 5));
        clock.tick(Duration.ofSeconds(1));
        turns(2);
        assertEquals(List.of(), ids());
        assertEquals(new Settlement(NOW + 1_000, List.of(5L), List.of(new Tally(1, HOUR, "no-leader", 1, NOW + 1_000))), decisions.take(),
                "written under the term: nothing of it happens once another server leads, who then judges");
        assertEquals(0, open.running());
    }

    @Test
    void an_edit_that_still_fires_now_is_sent_with_its_new_fields() throws Exception {
        Job before = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(1, 30));
        Job after = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(2, 60));
        current.put(1L, after);
        both(NOW, fire(before, NOW, 5), fire(before, NOW, 6), fire(before, NOW, 7));
        turns(2);
        List<JobMessage> sent = wire.taken(subscription);
        assertEquals(List.of(5L, 6L), sent.stream().map(JobMessage::taskId).toList(), "the new limit holds");
        assertEquals(NOW + 60_000, open.find(5).orElseThrow().deadlineAt(), "the new timeout holds");
        assertEquals(2, late.size(), "the row has the old deadline and must learn the new one");
        confirmer.turn();
        assertEquals(new Settlement(NOW, List.of(7L), List.of(new Tally(1, HOUR, "concurrency", 1, NOW))), decisions.take());
    }

    @Test
    void what_is_made_up_goes_at_once_but_behind_a_batch_that_is_due_and_is_decided_alone() throws Exception {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(2, 30));
        long hoursAgo = NOW - 3 * 3_600_000;
        both(NOW, fire(job, NOW, 5));
        dispatcher.makeUp(List.of(missed(job, hoursAgo, 6), missed(job, hoursAgo + 1_000, 7)));
        turns(3);
        assertEquals(List.of(5L, 6L), ids(), "the limit of concurrent runs holds for all");
        confirmer.turn();
        assertEquals(new Settlement(NOW, List.of(7L), List.of(new Tally(1, HOUR - 3 * 3_600_000, "concurrency", 1, hoursAgo + 1_000))), decisions.take());
        assertEquals(NOW + 30_000, open.find(6).orElseThrow().deadlineAt(), "from now, not from its fire time");
        dispatcher.close(Duration.ofMillis(1));
        dispatcher.makeUp(List.of(missed(job, hoursAgo + 2_000, 8)));
        assertTrue(dispatcher.turn() > 0, "after the stop it takes none");
    }

    private static Fire missed(Job job, long at, long runId) {
        return new Fire(0, job, at, runId, RunTrigger.MISFIRE, false, "", NOW + 30_000);
    }

    @Test
    void an_edit_that_fires_no_longer_drops_the_claim_as_changed() throws Exception {
        Job before = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        current.put(1L, null);
        both(NOW + 1_000, fire(before, NOW + 1_000, 5));
        clock.tick(Duration.ofSeconds(1));
        turns(2);
        assertEquals(List.of(), ids());
        assertEquals(new Settlement(NOW + 1_000, List.of(5L), List.of(new Tally(1, HOUR, "changed", 1, NOW + 1_000))), decisions.take());
    }

    @Test
    void a_claim_taken_over_that_may_not_go_is_left_to_its_deadline_with_the_reason() {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(1, 30));
        open.add(new OpenRun(4, 1, RunNames.of(job), RunTrigger.CRON, NOW, NOW + 9_000, NOW + 9_000, NOW));
        both(NOW + 1_000, new Fire(0, job, NOW + 1_000, 5, RunTrigger.CRON, true, "", NOW + 31_000));
        clock.tick(Duration.ofSeconds(1));
        turns(2);
        assertEquals(new Settlement(NOW + 1_000, List.of(), List.of()), decisions.take());
        OpenRun left = open.find(5).orElseThrow();
        assertEquals(SkipReason.CONCURRENCY, left.doubt());
        assertEquals(NOW + 31_000, left.deadlineAt());
    }

    @Test
    void a_fire_that_NATS_cannot_take_is_refused_and_the_others_of_its_second_go() throws Exception {
        wire.server.stop();
        wire.server.config("max_payload: 900").start();
        wire.awaitConnected();
        Job small = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        Job large = Jobs.of(2, new JobSpec("large", "", true, small.spec().timing(), small.spec().route(), small.spec().limits(), "x".repeat(1_024)),
                Jobs.namespace("app", true), true);
        Eventually.await("the spy is back", Wire.SOON, () -> wire.spy.getStatus() == Connection.Status.CONNECTED);
        wire.spy.flush(Duration.ofSeconds(5));
        both(NOW + 1_000, new Fire(0, small, NOW + 1_000, 4, RunTrigger.CRON, false, "", NOW + 31_000), fire(large, NOW + 1_000, 5),
                new Fire(0, small, NOW + 1_000, 6, RunTrigger.CRON, false, "", NOW + 31_000));
        clock.tick(Duration.ofSeconds(1));
        turns(2);
        assertEquals(List.of(4L, 6L), ids());
        confirmer.turn();
        assertEquals(new Settlement(NOW + 1_000, List.of(5L), List.of(new Tally(2, HOUR, "refused", 1, NOW + 1_000))), decisions.take());
        assertEquals(2, open.running());
    }

    @Test
    void a_fire_that_fails_for_an_unforeseen_reason_does_not_hold_up_the_others() throws Exception {
        Job broken = Jobs.of(3, new JobSpec("not a name", "", true, Jobs.of(1, Model.MAX, SubjectModel.MEMORY).spec().timing(),
                Jobs.of(1, Model.MAX, SubjectModel.MEMORY).spec().route(), new Limits(1, 30), ""), Jobs.namespace("app", true), true);
        both(NOW, fire(broken, NOW, 5), fire(Jobs.of(1, Model.MAX, SubjectModel.MEMORY), NOW, 6));
        turns(2);
        assertEquals(List.of(6L), ids());
    }

    @Test
    void pro_waits_for_the_list_of_workers_and_the_others_do_not() throws Exception {
        weather.workersKnown = false;
        weather.workerLives = false;
        Job max = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        Job pro = Jobs.of(2, Model.PRO, SubjectModel.MEMORY);
        both(NOW, fire(pro, NOW, 5), fire(max, NOW, 6));
        both(NOW + 1_000, fire(pro, NOW + 1_000, 7), fire(max, NOW + 1_000, 8));
        turns(2);
        assertEquals(List.of(6L), ids());
        clock.tick(Duration.ofMillis(995));
        assertEquals(Duration.ofMillis(5).toNanos(), dispatcher.turn(), "looks again, but is not late for the next batch");
        clock.tick(Duration.ofMillis(5));
        turns(2);
        assertEquals(List.of(8L), ids());
        assertEquals(Duration.ofMillis(10).toNanos(), dispatcher.turn());
        assertEquals(NOW, decisions.take().settledUpTo(), "what waits is not settled");
        weather.workersKnown = true;
        weather.workerLives = true;
        dispatcher.turn();
        assertEquals(List.of(5L, 7L), ids());
        confirmer.turn();
        assertEquals(new Settlement(NOW + 1_000, List.of(), List.of()), decisions.take());
    }

    @Test
    void pro_without_a_live_worker_is_dropped_and_counted() throws Exception {
        weather.workerLives = false;
        Job pro = Jobs.of(2, Model.PRO, SubjectModel.MEMORY);
        both(NOW + 1_000, fire(pro, NOW + 1_000, 5), new Fire(0, pro, NOW + 1_000, 6, RunTrigger.CRON, true, "", NOW + 31_000));
        clock.tick(Duration.ofSeconds(1));
        turns(2);
        assertEquals(List.of(), ids());
        assertEquals(new Settlement(NOW + 1_000, List.of(5L), List.of(new Tally(2, HOUR, "no-worker", 1, NOW + 1_000))), decisions.take());
        assertEquals(SkipReason.NO_WORKER, open.find(6).orElseThrow().doubt(), "one taken over is left to its deadline");
    }

    @Test
    void lite_fires_get_an_id_each_and_are_counted_as_sent() throws Exception {
        Job lite = Jobs.of(1, Model.LITE, SubjectModel.MEMORY);
        decisions.expect(new FireBatch(NOW + 1_000, true, List.of()));
        dispatcher.accept(new FireBatch(NOW + 1_000, false, List.of(fire(lite, NOW + 1_000, 0), fire(lite, NOW + 1_000, 0))));
        clock.tick(Duration.ofSeconds(1));
        turns(1);
        List<Long> ids = ids();
        assertEquals(2, ids.stream().filter(id -> id > 0).distinct().count(), ids.toString());
        confirmer.turn();
        assertEquals(new Settlement(NOW + 1_000, List.of(), List.of(new Tally(1, HOUR, "sent", 2, NOW + 1_000))), decisions.take());
    }

    @Test
    void ten_thousand_messages_of_one_second_keep_their_order_within_two_seconds() throws Exception {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(10_000, 30));
        subscription.setPendingLimits(20_000, -1);
        both(NOW, LongStream.rangeClosed(1, 10_000).mapToObj(id -> fire(job, NOW, id)).toArray(Fire[]::new));
        long began = System.nanoTime();
        turns(2);
        confirmer.turn();
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(2).toNanos());
        assertEquals(LongStream.rangeClosed(1, 10_000).boxed().toList(), ids());
        assertEquals(new Settlement(NOW, List.of(), List.of()), decisions.take(), "all confirmed");
        assertTrue(LongStream.rangeClosed(1, 10_000).allMatch(id -> open.find(id).orElseThrow().doubt() == null));
    }

    @Test
    void a_stop_sends_what_is_claimed_at_its_time_and_accepts_nothing_more() throws Exception {
        Clock real = Clock.system();
        begin(real);
        Decisions own = new Decisions(0);
        SteadyTime time = new SteadyTime(real);
        Dispatcher stopping = new Dispatcher(Fire::job, new Admission(weather, time), wire.sender(open, time, confirmer,
                new JetStreamLane(wire.publishing, open, time, () -> 0, () -> true), late), own, time);
        stopping.start();
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        long at = time.millis() + 500;
        stopping.accept(new FireBatch(at, true, List.of(fire(job, at, 5))));
        stopping.accept(new FireBatch(at, false, List.of()));
        Thread stop = Thread.ofPlatform().start(stopping::close);
        Eventually.await("draining", Wire.SOON, () -> stop.getState() == Thread.State.TIMED_WAITING || !stop.isAlive());
        stopping.accept(new FireBatch(at - 200, true, List.of(fire(job, at - 200, 6))));
        stopping.accept(new FireBatch(at - 200, false, List.of()));
        stop.join();
        assertTrue(time.millis() >= at, "waited for its time");
        confirmer.turn();
        assertEquals(List.of(5L), ids());
        assertEquals(at, own.take().settledUpTo(), "what came after the stop is not settled");
    }

    @Test
    void a_stop_waits_for_its_limit_only() {
        dispatcher.start();
        both(NOW + 3_600_000, fire(Jobs.of(1, Model.MAX, SubjectModel.MEMORY), NOW + 3_600_000, 5));
        long began = System.nanoTime();
        dispatcher.close(Duration.ofMillis(100));
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(2).toNanos());
        assertEquals(Duration.ofSeconds(10), Dispatcher.DRAIN_LIMIT);
        assertEquals(NOW, decisions.take().settledUpTo());
    }

    private void both(long at, Fire... recorded) {
        dispatcher.accept(new FireBatch(at, true, List.of(recorded)));
        dispatcher.accept(new FireBatch(at, false, List.of()));
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(dispatcher.turn() <= 0, "a batch was due");
        }
    }

    private List<Long> ids() throws Exception {
        return wire.taken(subscription).stream().map(JobMessage::taskId).toList();
    }

    private static Fire fire(Job job, long at, long runId) {
        return new Fire(0, job, at, runId, RunTrigger.CRON, false, job.spec().args(), runId == 0 ? 0 : at + 30_000);
    }
}
