package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.ServerProcess;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers on PostgreSQL: the leader is killed, stopped, paused, cut off from NATS. What an independent worker got is the witness. */
@Tag("database")
final class FailoverTest {
    private static final int RECORDED = 20;
    private static final int LITE = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_killed_leader_is_followed_within_5_s() {
        int kills = Scene.size("verify.kills", 1);
        Verdict verdict = new Verdict("fail-over after kill -9 x " + kills);
        try (Group group = new Group()) {
            group.everySecond(RECORDED, LITE, kills * 14 + 2);
            for (int i = 0; i < kills; i++) {
                ServerProcess leader = group.leader();
                ServerProcess next = group.other(leader);
                long killed = System.currentTimeMillis();
                leader.kill9();
                double took = Group.awaitLeads(next, LIMIT);
                verdict.atMost("kill -9: until the other server leads, ms", 5_000, took);
                Scene.until(killed + 7_500);
                verdict.atMost("kill -9: until the worker gets the next message, ms", 6_000, group.firstMessageAfter(killed + 50) + 50);
                leader.start();
                Scene.until(killed + 13_000);
                verdict.equal("the server that was killed follows", "another server leads", Group.standing(leader));
            }
            group.account(verdict);
        }
        verdict.done();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_clean_stop_hands_over_within_half_a_second() {
        int stops = Scene.size("verify.stops", 1);
        Verdict verdict = new Verdict("fail-over at a clean stop x " + stops);
        try (Group group = new Group()) {
            group.everySecond(RECORDED, LITE, stops * 9 + 2);
            for (int i = 0; i < stops; i++) {
                ServerProcess leader = group.leader();
                ServerProcess next = group.other(leader);
                long stopped = System.currentTimeMillis();
                verdict.equal("clean stop: exit status", 0, leader.stop());
                Group.awaitLeads(next, LIMIT);
                long released = Group.logged(leader, "gave the lease back");
                verdict.atMost("clean stop: from the release of the lease to the other's lead, ms", 500, Group.logged(next, "leading term=") - released);
                verdict.told("clean stop: from the signal to the release, ms", released - stopped);
                Scene.until(stopped + 4_500);
                verdict.equal("clean stop: seconds of which a message of a recorded job is missing or over 1 s late", Set.of(), group.missing(stopped, stopped + 3_000));
                leader.start();
                Scene.until(stopped + 8_500);
            }
            group.account(verdict);
        }
        verdict.done();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_leader_that_stood_still_for_a_lease_sends_nothing_when_it_goes_on() {
        Verdict verdict = new Verdict("fail-over of a paused leader");
        try (Group group = new Group()) {
            group.everySecond(RECORDED, LITE, 18);
            ServerProcess leader = group.leader();
            ServerProcess next = group.other(leader);
            leader.pause();
            long took = Group.awaitLeads(next, LIMIT);
            verdict.atMost("SIGSTOP: until the other server leads, ms", 5_000, took);
            Scene.pass(2_000);
            leader.resume();
            Eventually.awaitEqual("the paused server's standing", LIMIT, "another server leads", () -> Group.standing(leader));
            Scene.pass(3_000);
            verdict.equal("the other server still leads", Group.LEADS, Group.standing(next));
            verdict.equal("the paused server follows", "another server leads", Group.standing(leader));
            group.account(verdict);
        }
        verdict.done();
    }

    /** docs/rules.md 14 and 37. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_leader_whose_database_is_cut_off_hands_over_to_one_whose_database_works() {
        Verdict verdict = new Verdict("fail-over of a leader without its database");
        try (Group group = Group.firstThroughProxy()) {
            group.everySecond(RECORDED, LITE, 36);
            ServerProcess leader = group.leader();
            ServerProcess next = group.other(leader);
            group.proxy().plan((statement, earlier) -> new DatabaseProxy.Fate.Cut());
            long took = Group.awaitLeads(next, LIMIT);
            // 1 s until it finds out, 10 s until it gives way, 2 s from one request to the next, 1 s to hand over
            verdict.atMost("database cut: until the other server leads, ms", 14_000, took);
            verdict.atLeast("database cut: a short outage changes no leader, ms", 9_500, took);
            Eventually.awaitEqual("the standing of the server without database", LIMIT, "another server leads", () -> Group.standing(leader));
            Scene.pass(5_000);
            verdict.equal("the other server still leads", Group.LEADS, Group.standing(next));
            verdict.equal("readyz of the server without database", 503, new HttpApi(leader.address()).get("/readyz").status());
            group.proxy().plan((statement, earlier) -> new DatabaseProxy.Fate.Pass());
            leader.awaitReady();
            verdict.equal("the server whose database is back follows", "another server leads", Group.standing(leader));
            group.account(verdict);
            next.kill9();
            verdict.atMost("it leads again when the other is killed, ms", 5_000, Group.awaitLeads(leader, LIMIT));
        }
        verdict.done();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_restart_of_nats_changes_no_leader() {
        Verdict verdict = new Verdict("fail-over not needed: NATS restarted");
        try (Group group = new Group()) {
            group.everySecond(RECORDED, LITE, 22);
            ServerProcess leader = group.leader();
            String id = Group.id(leader);
            long term = Group.term(leader);
            for (int outage : new int[] {0, 4_000}) {
                group.nats.stop();
                Scene.pass(outage);
                group.nats.restart();
                long up = System.currentTimeMillis();
                ServerProcess after = group.leader();
                verdict.told("NATS away for " + outage + " ms and a start: leaderless after it, ms", System.currentTimeMillis() - up);
                verdict.equal("the same server leads after " + outage + " ms", id, Group.id(after));
                verdict.equal("in the same term", term, Group.term(after));
                Scene.pass(3_000);
            }
            group.account(verdict);
            verdict.equal("fires that were left out for want of a leader", 0L, group.skips().getOrDefault("no-leader", 0L));
        }
        verdict.done();
    }
}
