package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.cluster.LiveWorkers;
import io.natsjob.cluster.WorkerChoice;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Parts;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/rules.md 20 and 21. */
class AddressingTest {
    private final Weather weather = new Weather();
    private final LiveWorkers live = new LiveWorkers();
    private final Addressing addressing = new Addressing(live.workers, new WorkerChoice(new Random(7)), weather);

    private static Job job(Condition condition) {
        return Jobs.ultra(4, SubjectModel.MEMORY, condition);
    }

    @ParameterizedTest
    @CsvSource({"FIRST, w1 w1 w1 w1", "MAX_WEIGHT, w2 w2 w2 w2", "ROUND, w2 w3 w1 w2"})
    void one_worker_is_chosen_by_the_condition(Condition condition, String expected) {
        live.beat("w0", 0).beat("w1", 10).beat("w2", 90).beat("w3", 20);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            chosen.add(addressing.choose(job(condition)).parts().text());
        }
        assertEquals(expected, String.join(" ", chosen));
    }

    @Test
    void at_random_each_gets_its_share_but_weight_0() {
        live.beat("w0", 0).beat("w1", 10).beat("w2", 90);
        Set<String> chosen = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            chosen.add(addressing.choose(job(Condition.RANDOM)).parts().text());
        }
        assertEquals(Set.of("w1", "w2"), chosen);
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void workers_of_weight_0_or_of_another_app_are_none(Condition condition) {
        assertEquals(SkipReason.NO_WORKER, addressing.choose(job(condition)).refusal());
        live.beat("w0", 0).beat("app", "other", "w1", 100).beat("other", "biz", "w2", 100);
        assertEquals(SkipReason.NO_WORKER, addressing.choose(job(condition)).refusal());
        assertEquals(SkipReason.NO_WORKER, addressing.choose(job(null)).refusal());
    }

    @Test
    void a_broadcast_goes_to_all_in_the_order_of_their_registration_up_to_1000() {
        live.beat("w9", 1).beat("w0", 0).beat("w1", 100);
        assertEquals(Parts.all(List.of("w9", "w1")), addressing.choose(job(null)).parts());
        IntStream.range(0, 998).forEach(i -> live.beat("more-" + i, 1));
        assertEquals(1_000, addressing.choose(job(null)).parts().size());
        live.beat("one-more", 1);
        assertEquals(SkipReason.TOO_MANY_WORKERS, addressing.choose(job(null)).refusal());
        assertEquals("w9", addressing.choose(job(Condition.FIRST)).parts().text());
    }

    @Test
    void it_waits_for_the_list_of_workers_before_it_says_that_there_is_none() {
        weather.workersKnown = false;
        weather.onAwaitWorkers = () -> live.beat("w1", 100);
        assertEquals(Parts.one("w1"), addressing.choose(job(Condition.ROUND)).parts());
    }
}
