package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.natsjob.dispatch.Wire;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorEndTest {
    private Bench bench;
    private Wire wire;
    private Results results;

    @BeforeEach
    void begin(@TempDir Path folder) {
        bench = new Bench(folder);
        wire = new Wire(Clock.system());
        results = new Results(bench.database, bench.term, bench.open, new ResultsBucket(wire.link), bench.ignored, bench.time,
                new Results.Ports(() -> { }, run -> { }, new Monitor(wire.publishing, new WireTime(ZoneOffset.UTC))));
        results.start();
    }

    @AfterEach
    void end() throws Exception {
        results.close();
        bench.close();
        wire.close();
    }

    @Test
    void an_operator_ends_an_open_run_once() throws Exception {
        long now = Bench.NOW;
        bench.run(1, Bench.NAMES, now + 30_000, now + 30_000);
        bench.row(2, Bench.NAMES, now + 30_000);
        assertEquals(Results.End.ENDED, results.end(1, "stuck\u0000"));
        Run ended = bench.stored(1);
        assertEquals(RunState.FAIL, ended.state());
        assertEquals("stuck\uFFFD", ended.reason());
        assertEquals(Results.End.FINAL, results.end(1, "again"));
        assertEquals(Results.End.UNKNOWN, results.end(2, "claimed, not sent"));
        assertEquals(Results.End.UNKNOWN, results.end(3, "none"));
        results.close();
        bench.run(4, Bench.NAMES, now + 30_000, now + 30_000);
        assertThrows(StoreException.class, () -> results.end(4, "after the stop"));
        assertEquals(1, bench.open.running(), "a run that was not ended stays open");
    }

    @Test
    void an_operator_and_an_answer_race_for_one_end_only() throws Exception {
        long now = Bench.NOW;
        int rounds = 200;
        for (long id = 1; id <= rounds; id++) {
            bench.run(id, Bench.NAMES, now + 30_000, now + 30_000);
        }
        CyclicBarrier together = new CyclicBarrier(2);
        long ended = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            for (long id = 1; id <= rounds; id++) {
                long run = id;
                OrderedReader.Entry answer = new OrderedReader.Entry(id, now, Bench.key(id), "success".getBytes(StandardCharsets.UTF_8), false);
                Future<Object> put = threads.submit(() -> {
                    together.await();
                    results.reader().entry(answer);
                    return null;
                });
                together.await();
                ended += results.end(run, "operator") == Results.End.ENDED ? 1 : 0;
                put.get();
            }
        }
        results.close();
        assertEquals(0, bench.open.running());
        Map<String, Long> tallies = bench.tallies();
        assertEquals(ended, tallies.getOrDefault("fail", 0L));
        assertEquals(rounds - ended, tallies.getOrDefault("success", 0L));
    }
}
