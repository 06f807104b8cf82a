package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.TinyDisk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SQLite's disk gets full under load: that is told, recorded fires are counted, and once there is room all drains without a restart. */
@Tag("slow")
final class DiskFullTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    private static final int DISK_MEGABYTES = 16;
    /** SQLite goes on in the room that its journal has already taken. */
    private static final Duration FELT = Duration.ofSeconds(60);

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_full_disk_is_told_and_counted_and_all_drains_when_there_is_room() {
        int jobs = Scene.size("verify.jobs", 20);
        int outage = Scene.size("verify.outage", 6);
        int seconds = outage + 30;
        Verdict verdict = new Verdict("disk of SQLite full for over " + outage + " s under load, " + jobs + " max and " + jobs + " lite jobs");
        try (TinyDisk disk = TinyDisk.mount(DISK_MEGABYTES);
                Scene scene = Scene.on(new DatabaseOfScene.ElsewhereFile(disk.folder().resolve("natsjob.db"))).worker("memory")) {
            scene.everySecond(jobs, seconds, Map.of("max", new JsonObject().add("model", "max").add("misfire", "skip"), "lite", new JsonObject().add("model", "lite")));
            HttpApi api = scene.server.login();
            Scene.until(scene.from + 3_300);
            long pid = scene.server.pid();
            disk.fill();
            Eventually.awaitEqual("readyz", FELT, "full", () -> api.get("/readyz").text("database"));
            long felt = System.currentTimeMillis();
            during(verdict, api);
            Scene.until(felt + outage * 1_000L);
            verdict.equal("readyz at the end", "503 full", api.get("/readyz").status() + " " + api.get("/readyz").text("database"));
            disk.empty();
            long emptied = System.currentTimeMillis();
            Eventually.awaitEqual("readyz", Duration.ofSeconds(20), 200, () -> api.get("/readyz").status());
            verdict.told("ready after there was room, ms", System.currentTimeMillis() - emptied);
            Scene.until(scene.to + 1_500);
            Eventually.awaitEqual("open runs", Duration.ofSeconds(20), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("problems afterwards", List.of("default-password"), Readiness.problems(api));
            verdict.equal("same process", pid, scene.server.pid());
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            judge(verdict, scene, jobs, seconds, outage);
        }
        verdict.done();
    }

    private static void during(Verdict verdict, HttpApi api) {
        verdict.equal("problems meanwhile", List.of("disk-full", "default-password"), Readiness.problems(api));
        AtomicInteger tries = new AtomicInteger();
        // A small one may still find room in the journal.
        HttpApi.Reply refused = Eventually.awaitValue("an edit is refused", FELT,
                () -> api.post("namespaces", new JsonObject().add("name", "n" + tries.incrementAndGet()).add("comment", "x".repeat(1_000))), reply -> reply.status() != 201);
        verdict.equal("an edit meanwhile", "503 db.unavailable the disk of the database is full: nothing can be changed until there is room on it; try again then",
                refused.status() + " " + refused.code() + " " + refused.text("detail"));
    }

    private static void judge(Verdict verdict, Scene scene, int jobs, int seconds, int outage) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        Counted max = Counted.of(scene, "max");
        Counted lite = Counted.of(scene, "lite");
        verdict.told("counted of max", max.byOutcome);
        verdict.equal("problems of the worker", "[]", scene.worker.problems());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("max jobs whose runs and skips are not all seconds", 0, max.wrong(jobs, seconds));
        verdict.equal("reasons of skips of max", Set.of("db-down"), max.reasons());
        verdict.atLeast("fires of max counted as db-down", jobs * 0.75 * outage, max.byOutcome.getOrDefault("db-down", 0L));
        verdict.equal("runs by state", Map.of("success", max.runs.values().stream().mapToLong(Long::longValue).sum()), ledger.states());
        verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(scene.worker.acknowledged()));
        verdict.equal("(lite job, second) received", jobs * seconds, ledger.received.keySet().stream().filter(fire -> fire.startsWith("lite-")).count());
        verdict.equal("counted of lite", Map.of("sent", (long) jobs * seconds), lite.byOutcome);
    }
}
