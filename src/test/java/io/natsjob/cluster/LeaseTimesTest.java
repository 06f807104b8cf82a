package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 10. */
class LeaseTimesTest {
    @ParameterizedTest
    @CsvSource({"4000, 2501, 500", "3999, 2500, 500", "4000, 1200, 500", "32000, 20000, 2000", "4000, 2500, 50"})
    void times_that_do_not_go_together_are_refused(long lease, long deadline, long retry) {
        assertThrows(IllegalArgumentException.class, () -> new LeaseTimes("odd", lease, deadline, retry));
    }

    @Test
    void profiles_have_names() {
        assertEquals(4_000, LeaseTimes.named("default").lease());
        assertEquals(15_000, LeaseTimes.named("slow").lease());
        assertThrows(IllegalArgumentException.class, () -> LeaseTimes.named("fast"));
    }
}
